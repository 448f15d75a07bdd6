import {
  milliseconds,
  parseEnvironment,
  secretFile,
  ServiceEnvironment,
  urlList,
  type Environment,
} from '@marquee/service-kit';
import { z } from 'zod';

const LoaderEnvironment = ServiceEnvironment.extend({
  NAMENODE_URLS: urlList,
  MARQUEE_CLUSTERS_FILE: z.string(),
  MARQUEE_SERVICE_SECRET_FILE: secretFile,
  DETECTION_TIME_MS: milliseconds(100, 600_000).default(15_000),
});

export type LoaderConfig = Readonly<z.output<typeof LoaderEnvironment>>;

export const loadConfig = (environment: Environment = process.env): LoaderConfig =>
  parseEnvironment(LoaderEnvironment, environment);
