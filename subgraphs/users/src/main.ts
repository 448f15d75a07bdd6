import { runSubgraph, writeDeadlineMs } from '@marquee/subgraph-kit';
import { createErasures, settleMs, SWEEP_EVERY_MS } from './accounts/erasures.ts';
import { loadConfig, type UsersConfig } from './config.ts';
import { createUsersSubgraph } from './subgraph.ts';

await runSubgraph(
  (config: UsersConfig) =>
    createUsersSubgraph({
      tokenPrivateKey: config.MARQUEE_USER_TOKEN_PRIVATE_KEY_FILE,
      erasures: createErasures({
        sweepEveryMs: SWEEP_EVERY_MS,
        settleMs: settleMs(writeDeadlineMs(config)),
      }),
    }),
  loadConfig,
);
