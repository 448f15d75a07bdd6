import { runSubgraph } from '@marquee/subgraph-kit';
import { loadConfig } from './config.ts';
import { createMoviesSubgraph } from './subgraph.ts';

await runSubgraph(createMoviesSubgraph, loadConfig);
