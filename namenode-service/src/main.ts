import { randomUUID } from 'node:crypto';
import { createLogger, readClusterAddresses, runService } from '@marquee/service-kit';
import { systemClock } from '@marquee/slot-protocol';
import { AddressBook } from './clusters/address-book.ts';
import { loadConfig } from './config.ts';
import { createNameNode } from './name-node.ts';

const SERVICE = 'namenode';

await runService(createLogger({ service: SERVICE, level: 'info' }), async () => {
  const config = loadConfig();
  const logger = createLogger({ service: config.instance, level: config.logLevel });
  const read = () => readClusterAddresses(config.clustersFile);
  const nameNode = await createNameNode({
    config,
    addresses: new AddressBook(await read(), read),
    logger,
    clock: systemClock,
    random: Math.random,
    randomId: randomUUID,
  });
  const { host, port } = config;
  return { app: nameNode.app, host, port, close: () => nameNode.close() };
});
