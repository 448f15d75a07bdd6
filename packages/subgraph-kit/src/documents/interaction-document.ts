import { INTERACTION_ID_SEPARATOR } from '@marquee/topology';
import type { NewDocument } from './content.ts';

export type Reaction = 'LIKE' | 'DISLIKE';

/** What one user thinks of one film, as an importer describes it. */
export interface InteractionDescription {
  readonly movieId: string;
  readonly handle: string;
  readonly reaction: Reaction;
  readonly createdAt: Date;
  readonly updatedAt?: Date;
}

/** What an interaction of `user_interactions` holds beside what every document holds. */
export type InteractionContent = {
  readonly kind: 'interaction';
  readonly movieId: string;
  readonly handle: string;
  readonly reaction: Reaction;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** A film's exact counts, in the same collection and slot as its interactions. */
export type SummaryContent = {
  readonly kind: 'summary';
  readonly movieId: string;
  readonly likeCount: number;
  readonly dislikeCount: number;
  /** The film is deleted, and its interactions are hidden with it; restoring the film ends that. */
  readonly hidden: boolean;
};

/** An interaction's id, `movieId:handle`; a film's summary has the film's own id. */
export const interactionId = (movieId: string, handle: string): string =>
  `${movieId}${INTERACTION_ID_SEPARATOR}${handle}`;

/** The document of a new interaction; whoever writes it changes the film's summary with it. */
export const interactionDocument = (
  interaction: InteractionDescription,
): NewDocument & InteractionContent => ({
  _id: interactionId(interaction.movieId, interaction.handle),
  revision: 1,
  deleted: false,
  kind: 'interaction',
  movieId: interaction.movieId,
  handle: interaction.handle,
  reaction: interaction.reaction,
  createdAt: interaction.createdAt,
  updatedAt: interaction.updatedAt ?? interaction.createdAt,
});

/** The document of a film's counts. */
export const summaryDocument = (
  movieId: string,
  counts: Pick<SummaryContent, 'likeCount' | 'dislikeCount'> &
    Partial<Pick<SummaryContent, 'hidden'>>,
): NewDocument & SummaryContent => ({
  _id: movieId,
  revision: 1,
  deleted: false,
  kind: 'summary',
  movieId,
  likeCount: counts.likeCount,
  dislikeCount: counts.dislikeCount,
  hidden: counts.hidden ?? false,
});
