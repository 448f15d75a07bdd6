import { jwkFile, parseEnvironment, type Environment } from '@marquee/service-kit';
import { SubgraphEnvironment } from '@marquee/subgraph-kit';
import type { z } from 'zod';

const UsersEnvironment = SubgraphEnvironment.extend({
  /** Signs sessions: no other process has it. */
  MARQUEE_USER_TOKEN_PRIVATE_KEY_FILE: jwkFile,
});

export type UsersConfig = Readonly<z.output<typeof UsersEnvironment>>;

/** @throws CONFIGURATION_INVALID that names each variable that is wrong. */
export const loadConfig = (environment: Environment = process.env): UsersConfig =>
  parseEnvironment(UsersEnvironment, environment);
