import {
  Deadline,
  systemClock,
  type ClusterTransaction,
  type DataCluster,
  type Fence,
} from '@marquee/slot-protocol';
import { MarqueeError } from '@marquee/errors';
import { MemoryCluster } from '../../test/doubles/memory-cluster.ts';
import { changeFences } from './fence-changes.ts';

const fence = (slot: number, fields: Partial<Fence> = {}): Fence => ({
  slot,
  protocol: 1,
  edit: 3,
  epoch: 1,
  state: 'open',
  sequence: 0,
  lastTransaction: '',
  pushTo: [],
  purgedThrough: 0,
  refuseIdsBefore: '',
  ...fields,
});

/** One slot is written all the time: whoever looks at its fence first finds it changed afterwards. */
const busyCluster = (fences: readonly Fence[]): { cluster: DataCluster; memory: MemoryCluster } => {
  const memory = new MemoryCluster('busy');
  for (const each of fences) memory.contents.fences.set(each.slot, each);
  const cluster = Object.create(memory, {
    transaction: {
      value: async (
        work: (transaction: ClusterTransaction) => Promise<unknown>,
        deadline: Deadline,
      ) => {
        let isWritten = false;
        return memory.transaction(async (transaction) => {
          const watched = new Proxy(transaction, {
            get: (target, name: keyof ClusterTransaction) => {
              if (name === 'changeFence') isWritten = true;
              if (name === 'fences' && !isWritten) {
                return () => Promise.reject(new MarqueeError('DEADLINE_EXCEEDED'));
              }
              return target[name].bind(target);
            },
          });
          return work(watched);
        }, deadline);
      },
    },
  }) as DataCluster;
  return { cluster, memory };
};

const soon = () => Deadline.after(20_000, systemClock);

describe('fences that are written all the time', () => {
  it('are changed one by one, those that fit', async () => {
    const { cluster, memory } = busyCluster([fence(1), fence(2, { state: 'moved' }), fence(3)]);
    const { changed, refused } = await changeFences(
      cluster,
      [1, 2, 3, 4],
      5,
      ({ state }) => (state === 'moved' ? null : { state: 'sealed' }),
      soon(),
    );
    expect([...changed.values()]).toEqual([
      fence(1, { edit: 5, state: 'sealed' }),
      fence(3, { edit: 5, state: 'sealed' }),
    ]);
    expect(refused).toEqual([2, 4]);
    expect([...memory.contents.fences.values()]).toEqual([
      fence(1, { edit: 5, state: 'sealed' }),
      fence(2, { state: 'moved' }),
      fence(3, { edit: 5, state: 'sealed' }),
    ]);
  });

  it('are not changed by a leader whose successor has been there', async () => {
    const { cluster, memory } = busyCluster([fence(1, { edit: 6 })]);
    const sealed = changeFences(cluster, [1], 5, () => ({ state: 'sealed' }), soon());
    await expect(sealed).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(memory.contents.fences.get(1)).toEqual(fence(1, { edit: 6 }));
  });
});
