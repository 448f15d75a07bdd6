export { ClusterName, readClusterAddresses, type ClusterAddresses } from './cluster-addresses.ts';
export {
  jwkFile,
  milliseconds,
  parseEnvironment,
  secretFile,
  ServiceEnvironment,
  urlList,
  type Environment,
} from './environment.ts';
export {
  BODY_MAX_BYTES,
  createHttpService,
  KEEP_ALIVE_TIMEOUT_MS,
  REQUEST_TIMEOUT_MS,
  type HttpServiceOptions,
  type ReadinessCheck,
} from './http-service.ts';
export { createLogger, type Logger } from './logger.ts';
export { MetricsRegistry, type Sample } from './metrics-registry.ts';
export { READ_BUDGET_HEADER, ROUTING_HEADER } from './request-headers.ts';
export { DRAIN_MAX_MS, runService, type RunningService } from './run-service.ts';
