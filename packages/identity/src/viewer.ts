export type Role = 'USER' | 'ADMIN';

/** The person on whose behalf a request runs. */
export interface Viewer {
  readonly handle: string;
  readonly role: Role;
}
