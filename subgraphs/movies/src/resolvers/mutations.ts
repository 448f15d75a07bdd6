import {
  adminOperation,
  checkInput,
  deleteResult,
  derivedId,
  entityIdArgument,
  saveResult,
  validationFailed,
  type ByIdArguments,
  type InputArguments,
  type RepeatableArguments,
  type RevisedArguments,
} from '@marquee/subgraph-kit';
import { movieContent } from '@marquee/subgraph-kit/documents';
import {
  changedMovie,
  createMovieInput,
  namedCredits,
  updateMovieInput,
  type MovieChanges,
} from '../movie-input.ts';
import type { MoviesContext } from '../subgraph.ts';

const MOVIE = { entity: 'Movie', field: 'movie' };

export const mutations = {
  createMovie: async (
    _: unknown,
    { input, operationId }: InputArguments & RepeatableArguments,
    context: MoviesContext,
  ) => {
    const request = { mutation: 'createMovie', operationId, payload: input };
    const operation = await adminOperation(context, request);
    const checked = checkInput(createMovieInput(context.scope.now()), input);
    if (!checked.ok) return validationFailed(checked.problems);
    const { credits, ...film } = checked.input;
    const { names, problems } = await creditNames(context, credits);
    const content = movieContent({ ...film, credits: namedCredits(credits ?? [], names) });
    const id = derivedId('mv', operation.operationId);
    const outcome = await context.sources.movies.create(operation, id, content, problems);
    return saveResult(MOVIE, id, outcome);
  },

  updateMovie: async (
    _: unknown,
    { id, input, expectedRevision, operationId }: RevisedArguments & InputArguments,
    context: MoviesContext,
  ) => {
    const payload = { id, input, expectedRevision };
    const request = { mutation: 'updateMovie', operationId, payload };
    const operation = await adminOperation(context, request);
    const checked = checkInput(updateMovieInput(context.scope.now()), input);
    if (!checked.ok) return validationFailed(checked.problems);
    const { names, problems } = await creditNames(context, checked.input.credits);
    const outcome = await context.sources.movies.update(
      operation,
      entityIdArgument('id', id),
      expectedRevision,
      (current) =>
        problems.length > 0
          ? { problems }
          : { content: changedMovie(current, checked.input, names) },
    );
    return saveResult(MOVIE, id, outcome);
  },

  deleteMovie: async (
    _: unknown,
    { id, expectedRevision, operationId }: RevisedArguments,
    context: MoviesContext,
  ) => {
    const payload = { id, expectedRevision };
    const request = { mutation: 'deleteMovie', operationId, payload };
    const operation = await adminOperation(context, request);
    entityIdArgument('id', id);
    const outcome = await context.sources.movies.remove(operation, id, expectedRevision);
    return deleteResult(MOVIE, id, outcome);
  },

  restoreMovie: async (_: unknown, { id, operationId }: ByIdArguments, context: MoviesContext) => {
    const request = { mutation: 'restoreMovie', operationId, payload: { id } };
    const operation = await adminOperation(context, request);
    entityIdArgument('id', id);
    return saveResult(MOVIE, id, await context.sources.movies.restore(operation, id));
  },
};

// Others may say something else when the operation is sent again: what they find wrong is part of its
// first result, and no reason not to look for that.
const creditNames = async ({ sources }: MoviesContext, credits: MovieChanges['credits']) =>
  sources.creditedPeople.namesOf(
    (credits ?? []).map(({ personId }) => personId),
    (index) => `input.credits.${index}.personId`,
  );
