import { runSubgraph } from '@marquee/subgraph-kit';
import { loadConfig, type UsersConfig } from './config.ts';
import { createUsersSubgraph } from './subgraph.ts';

await runSubgraph(
  (config: UsersConfig) =>
    createUsersSubgraph({ tokenPrivateKey: config.MARQUEE_USER_TOKEN_PRIVATE_KEY_FILE }),
  loadConfig,
);
