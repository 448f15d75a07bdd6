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
}

/** What a document of `users` holds beside what every document holds. */
export type UserContent = {
  readonly displayName: string;
  readonly email?: string;
  readonly role: 'USER' | 'ADMIN';
  readonly passwordHash?: string;
  readonly joinedAt: Date;
  readonly search: readonly string[];
};

/** The content that is stored of a user. */
export const userContent = (user: UserDescription): UserContent => ({
  ...withoutAbsent({ email: user.email, passwordHash: user.passwordHash }),
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
