import { runSubgraph } from '@marquee/subgraph-kit';
import { loadConfig } from './config.ts';
import { createPersonSubgraph } from './subgraph.ts';

await runSubgraph(createPersonSubgraph, loadConfig);
