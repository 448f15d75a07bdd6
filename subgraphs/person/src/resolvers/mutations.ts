import {
  adminOperation,
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
import { changedPerson, newPerson, personChanges } from '../person-input.ts';
import type { PersonContext } from '../subgraph.ts';

const PERSON = { entity: 'Person', field: 'person' };

export const mutations = {
  createPerson: async (
    _: unknown,
    { input, operationId }: InputArguments & RepeatableArguments,
    context: PersonContext,
  ) => {
    const request = { mutation: 'createPerson', operationId, payload: input };
    const operation = await adminOperation(context, request);
    const checked = newPerson(input);
    if (!checked.ok) return validationFailed(checked.problems);
    const id = derivedId('pn', operation.operationId);
    const outcome = await context.sources.people.create(operation, id, checked.input);
    return saveResult(PERSON, id, outcome);
  },

  updatePerson: async (
    _: unknown,
    { id, input, expectedRevision, operationId }: RevisedArguments & InputArguments,
    context: PersonContext,
  ) => {
    const payload = { id, input, expectedRevision };
    const request = { mutation: 'updatePerson', operationId, payload };
    const operation = await adminOperation(context, request);
    const checked = personChanges(input);
    if (!checked.ok) return validationFailed(checked.problems);
    const outcome = await context.sources.people.update(
      operation,
      entityIdArgument('id', id),
      expectedRevision,
      (current) => changedPerson(current, checked.input),
    );
    return saveResult(PERSON, id, outcome);
  },

  deletePerson: async (
    _: unknown,
    { id, expectedRevision, operationId }: RevisedArguments,
    context: PersonContext,
  ) => {
    const payload = { id, expectedRevision };
    const request = { mutation: 'deletePerson', operationId, payload };
    const operation = await adminOperation(context, request);
    entityIdArgument('id', id);
    const outcome = await context.sources.people.remove(operation, id, expectedRevision);
    return deleteResult(PERSON, id, outcome);
  },

  restorePerson: async (_: unknown, { id, operationId }: ByIdArguments, context: PersonContext) => {
    const request = { mutation: 'restorePerson', operationId, payload: { id } };
    const operation = await adminOperation(context, request);
    entityIdArgument('id', id);
    return saveResult(PERSON, id, await context.sources.people.restore(operation, id));
  },
};
