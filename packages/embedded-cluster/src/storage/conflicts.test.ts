import { Conflicts, HeldByTransaction, type Holder } from './conflicts.ts';

const holder = (snapshotSequence: number): Holder => ({
  snapshotSequence,
  ended: Promise.resolve(),
});

describe('conflicts', () => {
  it('are between writes only: who holds a key, and who wrote it since the snapshot', () => {
    const conflicts = new Conflicts();
    const [first, second] = [holder(5), holder(5)];
    conflicts.open(first);
    conflicts.open(second);
    conflicts.claimFor(first, 'a');
    conflicts.claimFor(first, 'a');
    expect(() => {
      conflicts.claimFor(second, 'a');
    }).toThrow('Write conflict');
    expect(() => {
      conflicts.claim('a', 6);
    }).toThrow(HeldByTransaction);
    conflicts.claim('b', 6);
    expect(() => {
      conflicts.claimFor(second, 'b');
    }).toThrow('Write conflict');
    conflicts.close(first, ['a'], 6);
    conflicts.claimFor(second, 'a');
  });

  it('are remembered for as long as some transaction began before the write', () => {
    const conflicts = new Conflicts();
    const old = holder(5);
    conflicts.open(old);
    conflicts.claim('a', 6);
    conflicts.forget(9);
    expect(() => {
      conflicts.claimFor(old, 'a');
    }).toThrow('Write conflict');
    conflicts.close(old, [], 9);
    const fresh = holder(9);
    conflicts.open(fresh);
    conflicts.claimFor(fresh, 'a');
  });

  it('hold against a transaction that begins before the write is on disk', () => {
    const conflicts = new Conflicts();
    conflicts.claim('a', 7);
    conflicts.forget(6);
    const begun = holder(6);
    conflicts.open(begun);
    expect(() => {
      conflicts.claimFor(begun, 'a');
    }).toThrow('Write conflict');
  });
});
