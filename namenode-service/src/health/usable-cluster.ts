import { ClusterUnreachable, type DataCluster } from '@marquee/slot-protocol';
import { quarantineOf, type DirectoryState } from '../directory/directory-state.ts';

type Connect = (name: string) => Promise<DataCluster>;

/**
 * The clusters as operations may use them: one that is quarantined does not answer, but for a replica
 * that was restored, which a copy mends.
 */
export const usableClusters =
  (connect: Connect, stateOf: () => DirectoryState): Connect =>
  async (name) => {
    const state = stateOf();
    const quarantine = quarantineOf(state, name);
    if (quarantine === undefined || state.status === 'empty') return connect(name);
    const isOwner = state.shards.some(({ owner }) => owner === name);
    if (quarantine.why === 'restored' && !isOwner) return connect(name);
    throw new ClusterUnreachable(name, { cause: new Error(`quarantined: ${quarantine.why}`) });
  };
