import { parseEnvironment, type Environment } from '@marquee/service-kit';
import { config as readDotenv } from 'dotenv';
import { z } from 'zod';

const MongoUri = z
  .string()
  .regex(/^mongodb(\+srv)?:\/\//, 'expected a mongodb:// or mongodb+srv:// connection string');

const LauncherEnvironment = z.object({
  /** Where the clusters come from; `--engine` overrides it. */
  MARQUEE_ENGINE: z.enum(['embedded', 'mongod', 'atlas']).optional(),
  /** Engine atlas: a file that lists any number of clusters, instead of the five variables below. */
  MARQUEE_CLUSTERS_FILE: z.string().optional(),
  SHARD_A_URI: MongoUri.optional(),
  SHARD_B_URI: MongoUri.optional(),
  REPLICA_A_URI: MongoUri.optional(),
  REPLICA_B_URI: MongoUri.optional(),
  METADATA_URI: MongoUri.optional(),
  /** Engine mongod: the binary to start. */
  MONGOD_BIN: z.string().optional(),
  MONGOMS_SYSTEM_BINARY: z.string().optional(),
  DETECTION_TIME_MS: z.coerce.number().int().min(500).max(600_000).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  NO_COLOR: z.string().optional(),
  CI: z.string().optional(),
  PATH: z.string().default(''),
  HOME: z.string().optional(),
  TMPDIR: z.string().optional(),
});

export type LauncherConfig = Readonly<z.output<typeof LauncherEnvironment>>;

/** The launcher's view of the environment, `.env` in the working folder included. */
export const loadConfig = (environment: Environment = process.env): LauncherConfig => {
  const fromFile: Record<string, string> = {};
  readDotenv({ processEnv: fromFile, quiet: true });
  return parseEnvironment(LauncherEnvironment, { ...fromFile, ...environment });
};
