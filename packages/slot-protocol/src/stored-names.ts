/** The main database of a data cluster: exactly the four collections of the graph. */
export const MAIN_DATABASE = 'marquee';

/** Bookkeeping beside it on the same cluster; transactions span both. */
export const SLOTS_DATABASE = 'marquee_slots';

export const FENCES = 'fences';
export const RECORDS = 'records';
export const REJECTED = 'rejected';

/** What a cluster says of itself: its stamp, and which of the declared indexes are built. */
export const DEPLOYMENT = 'deployment';
