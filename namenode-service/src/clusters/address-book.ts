import { MarqueeError } from '@marquee/errors';
import type { ClusterAddresses } from '@marquee/service-kit';

/**
 * Where the clusters are. The clusters file is read again when a name is asked for that it did not
 * have: clusters are added while the NameNode runs.
 */
export class AddressBook {
  readonly #read: () => Promise<ClusterAddresses>;
  #addresses: ClusterAddresses;

  constructor(addresses: ClusterAddresses, read: () => Promise<ClusterAddresses>) {
    this.#addresses = addresses;
    this.#read = read;
  }

  get current(): ClusterAddresses {
    return this.#addresses;
  }

  /** @throws CONFIGURATION_INVALID for a file that is malformed now; the last good one stays */
  async refresh(): Promise<ClusterAddresses> {
    this.#addresses = await this.#read();
    return this.#addresses;
  }

  /** @throws CLUSTER_UNKNOWN */
  async uriOf(cluster: string): Promise<string> {
    const uri = this.#find(cluster) ?? (await this.refresh(), this.#find(cluster));
    if (uri === undefined) throw new MarqueeError('CLUSTER_UNKNOWN', { cluster });
    return uri;
  }

  #find(cluster: string): string | undefined {
    return this.#addresses.clusters.find(({ name }) => name === cluster)?.uri;
  }
}
