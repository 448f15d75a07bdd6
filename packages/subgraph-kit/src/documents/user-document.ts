import { searchWords } from '../search-text.ts';
import { withoutAbsent, type Absent, type NewDocument } from './content.ts';

/** Someone who uses the graph, as an importer or an admin describes them. */
export interface UserDescription {
  /** The handle: `^[a-z0-9][a-z0-9._-]{1,29}$`; it is the document's id. */
  readonly handle: string;
  readonly displayName: string;
  readonly email?: string | Absent;
  readonly role?: 'USER' | 'ADMIN' | Absent;
  /** By `hashPassword` of @marquee/identity; without one they cannot sign in. */
  readonly passwordHash?: string | Absent;
  readonly joinedAt: Date;
  readonly sessions?: readonly StoredSession[] | Absent;
  readonly endedSessions?: readonly EndedSession[] | Absent;
  readonly tokenGeneration?: number | Absent;
}

/** A session that can be refreshed, as its user's document keeps it: hashes, no secrets. */
export type StoredSession = {
  readonly id: string;
  readonly hash: string;
  /** Of the token before: for a short while it answers the present one again. */
  readonly previousHash?: string;
  /** What made the present secret of the one before: without that one it makes nothing. */
  readonly salt?: string;
  /** When the present token was first given out. */
  readonly rotatedAt: Date;
  readonly expiresAt: Date;
};

/** A session that was ended while tokens of it may be about; kept for as long as one may live. */
export type EndedSession = { readonly id: string; readonly endedAt: Date };

/**
 * An account that was deleted for good, by its owner or by an admin: first `pending`, while reactions are removed from
 * films, then `done`. Its document is a tombstone without personal data that keeps the handle taken.
 */
export type Erasure = { readonly state: 'pending' | 'done'; readonly requestedAt: Date };

/** What a document of `users` holds beside what every document holds. */
export type UserContent = {
  readonly displayName: string;
  readonly email?: string;
  readonly role: 'USER' | 'ADMIN';
  readonly passwordHash?: string;
  readonly joinedAt: Date;
  readonly search: readonly string[];
  readonly sessions?: readonly StoredSession[];
  readonly endedSessions?: readonly EndedSession[];
  /** Tokens of an earlier one count no more; 0 where absent. */
  readonly tokenGeneration?: number;
  readonly erasure?: Erasure;
};

/** The content that is stored of a user. */
export const userContent = (user: UserDescription): UserContent => ({
  ...withoutAbsent({
    email: user.email,
    passwordHash: user.passwordHash,
    sessions: user.sessions,
    endedSessions: user.endedSessions,
    tokenGeneration: user.tokenGeneration,
  }),
  displayName: user.displayName,
  role: user.role ?? 'USER',
  joinedAt: user.joinedAt,
  search: searchWords(user.displayName, user.handle),
});

/** The document of a new user. */
export const userDocument = (user: UserDescription): NewDocument & UserContent => ({
  _id: user.handle,
  revision: 1,
  deleted: false,
  ...userContent(user),
});

/** What is left of an account that is deleted for good: the handle, which nobody else gets, and the task. */
export const erasedUserContent = (requestedAt: Date, state: Erasure['state']): UserContent => ({
  displayName: '',
  role: 'USER',
  joinedAt: requestedAt,
  search: [],
  erasure: { state, requestedAt },
});
