import { runSubgraph } from '@marquee/subgraph-kit';
import { loadConfig } from './config.ts';
import { createInteractionsSubgraph } from './subgraph.ts';

await runSubgraph(createInteractionsSubgraph, loadConfig);
