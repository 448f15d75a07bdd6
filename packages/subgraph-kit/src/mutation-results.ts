import type { Stored, WriteOutcome } from './document-source.ts';
import { validationFailed } from './input-validation.ts';

/** How the results of one type's mutations are called in the graph. */
export interface ResultNames {
  /** The entity, e.g. `Movie`. */
  readonly entity: string;
  /** The field of `…Saved` that holds it, e.g. `movie`. */
  readonly field: string;
}

/** The `NotFound` of the graph. */
export const notFound = (id: string) =>
  ({ __typename: 'NotFound', message: 'There is no such object.', id }) as const;

const versionConflict = (entity: string, current: Stored<unknown>) => ({
  __typename: 'VersionConflict',
  message: 'The object was changed in the meantime.',
  currentRevision: current.revision,
  current: { ...(current as object), __typename: entity },
});

/** `MovieSaved | ValidationFailed | VersionConflict | NotFound`, and the same of the others. */
export const saveResult = (names: ResultNames, id: string, outcome: WriteOutcome<unknown>) => {
  switch (outcome.outcome) {
    case 'saved':
      return { __typename: `${names.entity}Saved`, [names.field]: outcome.document };
    case 'invalid':
      return validationFailed(outcome.problems);
    case 'conflict':
      return versionConflict(names.entity, outcome.current);
    case 'not-found':
      return notFound(id);
  }
};

/** `MovieDeleted | VersionConflict | NotFound`, and the same of the others. */
export const deleteResult = (
  names: Pick<ResultNames, 'entity'>,
  id: string,
  outcome: Exclude<WriteOutcome<unknown>, { outcome: 'invalid' }>,
) => {
  switch (outcome.outcome) {
    case 'saved':
      return { __typename: `${names.entity}Deleted`, id };
    case 'conflict':
      return versionConflict(names.entity, outcome.current);
    case 'not-found':
      return notFound(id);
  }
};
