import { ClusterServer } from '../cluster-double/cluster-server.ts';
import { DoubleDataCluster, type ServerLink } from '../cluster-double/double-data-cluster.ts';
import { ServerError } from '../cluster-double/server-errors.ts';
import type { DataClusterTarget } from './data-cluster-target.ts';
import { statementsConform } from './statements.ts';
import { transactionsConform } from './transactions.ts';

/** The double without a network: every statement is executed at once. */
const openDouble = async (): Promise<DataClusterTarget> => {
  const server = new ClusterServer({ name: 'double', nowMs: () => performance.now() });
  let isUp = true;
  let losesCommit = false;
  const link: ServerLink = {
    call: async (what, execute) => {
      await Promise.resolve();
      if (!isUp) throw new ServerError('connection-lost', what);
      const answer = execute(server);
      if (what !== 'commit' || !losesCommit) return answer;
      losesCommit = false;
      throw new ServerError('connection-lost', what);
    },
  };
  let transactions = 0;
  const client = () =>
    new DoubleDataCluster('double', link, {
      random: Math.random,
      newTransactionId: () => String((transactions += 1)),
    });
  return {
    cluster: client(),
    other: client(),
    loseNextCommitReply: async () => {
      losesCommit = true;
    },
    elect: async () => server.elect(),
    stop: async () => {
      isUp = false;
    },
    close: async () => undefined,
  };
};

describe('the double: a transaction', () => transactionsConform(openDouble));
describe('the double:', () => statementsConform(openDouble));
