import { readFile } from 'node:fs/promises';
import { createLogger, runService } from '@marquee/service-kit';
import { loadConfig, logLevelOf } from './config.ts';
import { createGateway } from './gateway.ts';

const logger = createLogger({ service: 'gateway', level: logLevelOf() });

await runService(logger, async () => {
  const config = loadConfig();
  const supergraphSdl = await readFile(config.supergraphFile, 'utf8');
  const gateway = await createGateway(config, { supergraphSdl, logger, now: Date.now });
  return { ...gateway, host: config.host, port: config.port };
});
