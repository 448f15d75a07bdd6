import {
  jwkFile,
  milliseconds,
  parseEnvironment,
  secretFile,
  ServiceEnvironment,
  type Environment,
} from '@marquee/service-kit';
import { z } from 'zod';

const SECRET_MIN_CHARACTERS = 32;

const NameNodeEnvironment = ServiceEnvironment.extend({
  /** The clusters' addresses, and the wish for a new deployment. */
  MARQUEE_CLUSTERS_FILE: z.string('expected the path of the clusters file'),
  MARQUEE_SERVICE_SECRET_FILE: secretFile.pipe(
    z.string().min(SECRET_MIN_CHARACTERS, 'expected a secret of at least 32 characters'),
  ),
  /** Of the key that signs people's tokens; without it no person's token is accepted. */
  MARQUEE_USER_TOKEN_PUBLIC_KEY_FILE: jwkFile.optional(),
  /** Where other instances reach this one; by default the address it listens on. */
  ADVERTISED_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** A cluster not seen for this long is down; the read lease follows from it. */
  DETECTION_TIME_MS: milliseconds(500, 600_000).default(15_000),
  /** A shard fails over without a person's order at most once in this time. */
  AUTOMATIC_FAILOVER_INTERVAL_MS: milliseconds(0, 86_400_000).default(3_600_000),
});

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly instance: string;
  readonly clustersFile: string;
  readonly serviceSecret: string;
  readonly userTokenPublicKey: z.output<typeof jwkFile> | null;
  readonly advertisedUrl: string | null;
  readonly detectionTimeMs: number;
  readonly automaticFailoverIntervalMs: number;
}

/** @throws CONFIGURATION_INVALID that names each variable which is wrong */
export const loadConfig = (environment: Environment = process.env): Config => {
  const parsed = parseEnvironment(NameNodeEnvironment, environment);
  return Object.freeze({
    host: parsed.HOST,
    port: parsed.PORT,
    logLevel: parsed.LOG_LEVEL,
    instance: parsed.INSTANCE_NAME ?? 'namenode',
    clustersFile: parsed.MARQUEE_CLUSTERS_FILE,
    serviceSecret: parsed.MARQUEE_SERVICE_SECRET_FILE,
    userTokenPublicKey: parsed.MARQUEE_USER_TOKEN_PUBLIC_KEY_FILE ?? null,
    advertisedUrl: parsed.ADVERTISED_URL ?? null,
    detectionTimeMs: parsed.DETECTION_TIME_MS,
    automaticFailoverIntervalMs: parsed.AUTOMATIC_FAILOVER_INTERVAL_MS,
  });
};
