import type { ExitCode } from './exit-code.ts';
import type { NameNodeApi } from './name-node-api.ts';

export interface CommandFlags {
  readonly json: boolean;
  readonly dryRun: boolean;
  /** Does not wait for the end of an operation. */
  readonly noWait: boolean;
  readonly repair: boolean;
  readonly why: string | undefined;
  readonly by: string | undefined;
  readonly to: string | undefined;
  readonly drain: string | undefined;
  readonly limit: string | undefined;
  readonly after: string | undefined;
  /** The name of a shard, repeated, where writes may be lost. */
  readonly confirmShard: string | undefined;
  readonly minInSync: string | undefined;
  /** The name of a cluster, repeated. */
  readonly confirmCluster: string | undefined;
  /** The id of the deployment, as it was shown. */
  readonly confirmDeployment: string | undefined;
}

export interface CommandContext {
  readonly api: NameNodeApi;
  /** What stands behind the command's name. */
  readonly args: readonly string[];
  readonly flags: CommandFlags;
  /** Prints for people, or the value as JSON with `--json`. */
  readonly print: (value: unknown, forPeople: () => string) => void;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly randomId: () => string;
}

/** @throws USAGE, or what the NameNode refuses with */
export interface Command {
  /** One line for the help: what stands behind the name, and what it does. */
  readonly usage: string;
  readonly summary: string;
  run(context: CommandContext): Promise<ExitCode>;
}
