import { ClusterUnreachable, type ClusterRegistry } from '@marquee/slot-protocol';

/** The clusters as a router may use them: one that the map calls quarantined does not answer, to anybody. */
export const usableClusters = (
  clusters: ClusterRegistry,
  quarantined: () => readonly string[] | undefined,
): ClusterRegistry => ({
  async get(name) {
    if (quarantined()?.includes(name) === true) {
      throw new ClusterUnreachable(name, { cause: new Error('quarantined') });
    }
    return clusters.get(name);
  },
  close: () => clusters.close(),
});
