import type { ClusterTransaction } from '@marquee/slot-protocol';

/** What `keepRejected` takes, one of them. */
export type RejectedDocument = Parameters<ClusterTransaction['keepRejected']>[0][number];
