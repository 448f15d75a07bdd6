/** What a made-up user thought of a film: at most one for each user and film. */
export interface DemoReaction {
  movieId: string;
  handle: string;
  reaction: 'LIKE' | 'DISLIKE';
  /** ISO 8601, UTC, not before the user joined. */
  at: string;
}
