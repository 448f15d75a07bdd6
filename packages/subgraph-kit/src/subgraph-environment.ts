import {
  jwkFile,
  milliseconds,
  secretFile,
  ServiceEnvironment,
  urlList,
} from '@marquee/service-kit';
import { z } from 'zod';

/** Shorter secrets could be guessed from a token that somebody caught. */
const SERVICE_SECRET_MIN_LENGTH = 32;

/**
 * The variables that every subgraph understands; a subgraph's own schema extends this one.
 * The deadline of writes is derived: twice the detection time and 5 s, the time that a failover needs.
 */
export const SubgraphEnvironment = ServiceEnvironment.extend({
  MARQUEE_SERVICE_SECRET_FILE: secretFile.pipe(
    z.string().min(SERVICE_SECRET_MIN_LENGTH, `expected a secret of at least 32 characters`),
  ),
  MARQUEE_VIEWER_PUBLIC_KEY_FILE: jwkFile,
  NAMENODE_URLS: urlList,
  MARQUEE_CLUSTERS_FILE: z.string(),
  DETECTION_TIME_MS: milliseconds(100, 600_000).default(15_000),
});

export type SubgraphConfig = Readonly<z.output<typeof SubgraphEnvironment>>;

/** What a write needs on top of a failover, which takes at most twice the detection time. */
const WRITE_MARGIN_MS = 5_000;

/** By when a write of this process is acknowledged, or its outcome unknown. */
export const writeDeadlineMs = ({ DETECTION_TIME_MS }: SubgraphConfig): number =>
  2 * DETECTION_TIME_MS + WRITE_MARGIN_MS;
