import { parseEnvironment, type Environment } from '@marquee/service-kit';
import { SubgraphEnvironment, type SubgraphConfig } from '@marquee/subgraph-kit';

/** @throws CONFIGURATION_INVALID that names each variable that is wrong. */
export const loadConfig = (environment: Environment = process.env): SubgraphConfig =>
  parseEnvironment(SubgraphEnvironment, environment);
