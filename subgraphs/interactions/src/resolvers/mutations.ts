import {
  adminOperation,
  checkInput,
  entityIdArgument,
  handleArgument,
  isEntityId,
  isHandle,
  notFound,
  validationFailed,
  viewerOperation,
  type InputArguments,
  type RepeatableArguments,
} from '@marquee/subgraph-kit';
import { interactionId, type Reaction } from '@marquee/subgraph-kit/documents';
import { z } from 'zod';
import type { InteractionsContext } from '../subgraph.ts';

const SetInteraction = z.object({
  movieId: z.string().refine(isEntityId, 'expected the id of a film'),
  userId: z.string().refine(isHandle, 'expected the handle of a user'),
  reaction: z.enum(['LIKE', 'DISLIKE']),
});

interface OfMovie extends RepeatableArguments {
  readonly movieId: string;
}

const react =
  (mutation: string, reaction: Reaction | null) =>
  async (_: unknown, { movieId, operationId }: OfMovie, context: InteractionsContext) => {
    const request = { mutation, operationId, payload: { movieId } };
    const { viewer, operation } = await viewerOperation(context, request);
    entityIdArgument('movieId', movieId);
    const { reactions } = context.sources;
    const outcome = await reactions.set(operation, { movieId, handle: viewer.handle, reaction });
    if (outcome === 'no-film') return notFound(movieId);
    return {
      __typename: 'ReactionSaved',
      movie: { id: movieId },
      // As it is now: a repeated operation may have been followed by others.
      reaction: () => reactions.viewerReaction(movieId),
    };
  };

export const mutations = {
  likeMovie: react('likeMovie', 'LIKE'),
  dislikeMovie: react('dislikeMovie', 'DISLIKE'),
  removeReaction: react('removeReaction', null),

  setInteraction: async (
    _: unknown,
    { input, operationId }: InputArguments & RepeatableArguments,
    context: InteractionsContext,
  ) => {
    const request = { mutation: 'setInteraction', operationId, payload: input };
    const operation = await adminOperation(context, request);
    const checked = checkInput(SetInteraction, input);
    if (!checked.ok) return validationFailed(checked.problems);
    const { movieId, userId, reaction } = checked.input;
    const { reactions } = context.sources;
    const userIsMissing = !(await reactions.userExists(userId));
    const change = { movieId, handle: userId, reaction, userIsMissing };
    const outcome = await reactions.set(operation, change);
    if (outcome === 'no-user') {
      return validationFailed([{ path: 'input.userId', message: 'there is no such user' }]);
    }
    if (outcome === 'no-film') return notFound(movieId);
    const interaction = await reactions.find(movieId, userId);
    return interaction === null
      ? notFound(interactionId(movieId, userId))
      : { __typename: 'InteractionSaved', interaction };
  },

  deleteInteraction: async (
    _: unknown,
    { movieId, userId, operationId }: OfMovie & { userId: string },
    context: InteractionsContext,
  ) => {
    const payload = { movieId, userId };
    const request = { mutation: 'deleteInteraction', operationId, payload };
    const operation = await adminOperation(context, request);
    entityIdArgument('movieId', movieId);
    handleArgument('userId', userId);
    const id = interactionId(movieId, userId);
    const change = { movieId, handle: userId, reaction: null };
    const outcome = await context.sources.reactions.set(operation, change);
    return outcome === 'saved' ? { __typename: 'InteractionDeleted', id } : notFound(id);
  },
};
