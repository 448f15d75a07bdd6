import { ClusterUnreachable, type DataCluster } from '@marquee/slot-protocol';
import { quarantineOf, type DirectoryState } from '../directory/directory-state.ts';

type Connect = (name: string) => Promise<DataCluster>;

/**
 * The clusters as operations may use them: one that is quarantined does not answer, but for a replica
 * that was restored, which a copy mends. Each call is judged anew: what began before the quarantine does
 * not go on with it.
 */
export const usableClusters =
  (connect: Connect, stateOf: () => DirectoryState): Connect =>
  async (name) => {
    const refusal = (): ClusterUnreachable | undefined => {
      const state = stateOf();
      const quarantine = quarantineOf(state, name);
      if (quarantine === undefined || state.status === 'empty') return undefined;
      const isOwner = state.shards.some(({ owner }) => owner === name);
      if (quarantine.why === 'restored' && !isOwner) return undefined;
      return new ClusterUnreachable(name, { cause: new Error(`quarantined: ${quarantine.why}`) });
    };
    const refused = refusal();
    if (refused !== undefined) throw refused;
    return guarded(await connect(name), refusal);
  };

const guarded = (cluster: DataCluster, refusal: () => Error | undefined): DataCluster =>
  new Proxy(cluster, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const refused = refusal();
        if (refused !== undefined) return Promise.reject(refused);
        return Reflect.apply(value, target, args);
      };
    },
  });
