export type Role = 'USER' | 'ADMIN';

/** The person on whose behalf a request runs. */
export interface Viewer {
  readonly handle: string;
  readonly role: Role;
}

/** The viewer as a token names them, with what may end that token before its time. */
export interface TokenViewer extends Viewer {
  /**
   * The account's own when the token was issued, 0 where absent. The account's is raised by whatever
   * ends all tokens at once, such as a new password; only those of the newest generation count.
   */
  readonly tokenGeneration?: number | undefined;
  /** The session that the token belongs to; absent if it could not be kept. */
  readonly sessionId?: string | undefined;
}
