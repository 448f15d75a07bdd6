import { MarqueeError } from '@marquee/errors';
import type { LeaseStore, StoredLease } from '../../src/leader/leader-lease.ts';

export class MemoryLeaseStore implements LeaseStore {
  lease: StoredLease = { holder: null, counter: 0, url: null };
  down = false;

  async read(): Promise<StoredLease> {
    if (this.down) throw new MarqueeError('METADATA_UNAVAILABLE');
    return this.lease;
  }

  async compareAndSet(counter: number, next: StoredLease): Promise<boolean> {
    if (this.down) throw new MarqueeError('METADATA_UNAVAILABLE');
    if (this.lease.counter !== counter) return false;
    this.lease = next;
    return true;
  }
}
