import { startEmbeddedCluster } from '@marquee/embedded-cluster';
import { MongoDataCluster } from '@marquee/slot-protocol';
import { createTempDir } from '@marquee/test-kit';
import { MongoClient } from 'mongodb';
import type { DataClusterTarget } from './data-cluster-target.ts';
import { statementsConform } from './statements.ts';
import { transactionsConform } from './transactions.ts';

/** MongoDB's answer of a member that has stepped down after it has carried out the command. */
const PRIMARY_STEPPED_DOWN = 189;

/** The real thing: the official driver and the embedded engine. */
const openMongo = async (): Promise<DataClusterTarget> => {
  const dir = await createTempDir();
  const server = await startEmbeddedCluster({
    name: 'conforming',
    port: 0,
    dataDir: dir.path,
    testCommands: true,
  });
  const admin = new MongoClient(server.uri);
  const connection = {
    poolMax: 10,
    poolWaitMaxMs: 2_000,
    primaryWaitMaxMs: 2_000,
    connectMaxMs: 2_000,
    heartbeatMs: 500,
    socketIdleMaxMs: 20_000,
  };
  const client = () =>
    new MongoDataCluster(
      { name: 'conforming', uri: server.uri },
      { random: Math.random, connection },
    );
  const clients = [client(), client()] as const;
  return {
    cluster: clients[0],
    other: clients[1],
    loseNextCommitReply: async () => {
      await admin.db('admin').command({
        configureFailPoint: 'failCommand',
        mode: { times: 1 },
        data: {
          failCommands: ['commitTransaction'],
          writeConcernError: { code: PRIMARY_STEPPED_DOWN, errmsg: 'stepped down' },
          errorLabels: ['RetryableWriteError'],
        },
      });
    },
    elect: async () => {
      await admin.db('admin').command({ marqueeElection: { unavailableMs: 200 } });
    },
    stop: () => server.close(),
    close: async () => {
      await Promise.all([...clients.map((each) => each.close()), admin.close()]);
      await server.close();
      await dir.remove();
    },
  };
};

describe('a cluster of the embedded engine: a transaction', () => transactionsConform(openMongo));
describe('a cluster of the embedded engine:', () => statementsConform(openMongo));
