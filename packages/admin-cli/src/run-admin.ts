import { parseArgs } from 'node:util';
import { codeOf } from '@marquee/errors';
import type { CommandFlags } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import type { AdminEnvironment } from './config.ts';
import { readEndpoints } from './endpoints.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { FetchLike } from './fetch-like.ts';
import { NameNodeApi } from './name-node-api.ts';
import { signIn } from './sign-in.ts';
import { isUsageError, UsageError } from './usage-error.ts';

const text = { type: 'string' } as const;
const yes = { type: 'boolean', default: false } as const;

const OPTIONS = {
  json: yes,
  'dry-run': yes,
  'no-wait': yes,
  repair: yes,
  help: yes,
  url: text,
  data: text,
  handle: text,
  why: text,
  by: text,
  to: text,
  drain: text,
  limit: text,
  after: text,
  'confirm-shard': text,
  'confirm-cluster': text,
  'confirm-deployment': text,
  'min-in-sync': text,
} as const;

export interface AdminOptions {
  readonly argv: readonly string[];
  readonly environment: AdminEnvironment;
  readonly fetch: FetchLike;
  readonly writeOut: (line: string) => void;
  readonly writeError: (line: string) => void;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly randomId: () => string;
}

/** `npm run admin -- …`: one command, and what it comes to as an exit code. Never rejects. */
export const runAdmin = async (options: AdminOptions): Promise<ExitCode> => {
  try {
    return await runCommand(options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isUsageError(error)) {
      options.writeError(`${message}\n\n${help()}`);
      return EXIT.usage;
    }
    const code = codeOf(error) ?? 'INTERNAL';
    options.writeError(`${code}: ${message}`);
    return code === 'NAMENODE_UNAVAILABLE' ? EXIT.unreachable : EXIT.refused;
  }
};

const runCommand = async (options: AdminOptions): Promise<ExitCode> => {
  const { positionals, values } = parse(options.argv);
  const [name, ...args] = positionals;
  if (values.help || name === undefined) {
    options.writeOut(help());
    return values.help ? EXIT.done : EXIT.usage;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`there is no command ${name}`);
  const api = await connect(options, values);
  const flags: CommandFlags = {
    json: values.json,
    dryRun: values['dry-run'],
    noWait: values['no-wait'],
    repair: values.repair,
    why: values.why,
    by: values.by,
    to: values.to,
    drain: values.drain,
    limit: values.limit,
    after: values.after,
    confirmShard: values['confirm-shard'],
    confirmCluster: values['confirm-cluster'],
    confirmDeployment: values['confirm-deployment'],
    minInSync: values['min-in-sync'],
  };
  return command.run({
    api,
    args,
    flags,
    print: (value, forPeople) => {
      options.writeOut(flags.json ? JSON.stringify(value, null, 2) : forPeople());
    },
    sleep: options.sleep,
    randomId: options.randomId,
  });
};

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
};

type Values = ReturnType<typeof parse>['values'];

/** By URL and token where both are given; otherwise as `npm start` has left them in its folder. */
const connect = async (options: AdminOptions, values: Values): Promise<NameNodeApi> => {
  const { environment, fetch } = options;
  const given = values.url ?? environment.urls;
  const givenUrls = given?.split(',').map((url) => url.trim().replace(/\/$/, ''));
  if (givenUrls !== undefined && environment.token !== undefined) {
    return new NameNodeApi({ fetch, urls: givenUrls, token: environment.token });
  }
  const endpoints = await readEndpoints(values.data ?? environment.dataDir);
  const login = endpoints.logins.find(({ handle, role }) =>
    values.handle === undefined ? role === 'ADMIN' : handle === values.handle,
  );
  if (login === undefined) throw new UsageError('there is no such demo login');
  const token = environment.token ?? (await signIn(fetch, endpoints.gateway, login));
  return new NameNodeApi({ fetch, urls: givenUrls ?? endpoints.nameNodes, token });
};

const help = (): string => {
  const commands = Object.values(COMMANDS);
  return [
    'npm run admin -- COMMAND [--json] [--data DIR | --url URL]',
    '',
    ...commands.map(({ usage, summary }) => `  ${usage}\n      ${summary}`),
    '',
    'The token of an admin is taken from MARQUEE_ADMIN_TOKEN, or got with the demo login of npm start.',
    'Exit codes: 0 done; 1 undone, unwell or found something; 2 usage; 3 no answer; 4 refused.',
  ].join('\n');
};
