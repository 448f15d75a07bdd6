/** A made-up member of the audience. `password` is plain text and set for demo logins only. */
export interface DemoUser {
  handle: string;
  displayName: string;
  email: string;
  role: 'USER' | 'ADMIN';
  /** ISO 8601, UTC */
  joinedAt: string;
  synthetic: true;
  password?: string;
}
