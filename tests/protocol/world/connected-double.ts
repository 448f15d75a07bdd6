import { DoubleDataCluster } from '../cluster-double/double-data-cluster.ts';
import { connectionTo } from './sim-addresses.ts';

/**
 * Takes the place of slot-protocol's class of this name in walks: an address leads to a cluster of the
 * simulated world instead of one behind a connection string.
 */
export class MongoDataCluster extends DoubleDataCluster {
  constructor(
    { name, uri }: { readonly name: string; readonly uri: string },
    { random }: { readonly random: () => number },
  ) {
    const { link, newTransactionId } = connectionTo(uri);
    super(name, link, { random, newTransactionId });
  }
}
