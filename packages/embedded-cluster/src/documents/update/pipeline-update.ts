import { CommandError } from '../../command-error.ts';
import { isListed, UPDATE_STAGES } from '../../scope/scope.ts';
import { compileStages, stageOf } from '../aggregation/pipeline.ts';
import { equalValues } from '../compare.ts';
import { describeElement } from '../describe-value.ts';
import type { Variables } from '../expression/operator-compiler.ts';
import { isIdentical } from '../identical.ts';
import type { Document, Value } from '../value.ts';

/** An update that is a pipeline: the document goes through its stages; `_id` stays. */
export function compilePipelineUpdate(
  stages: readonly Value[],
  variables: Variables,
): (document: Document) => Document {
  for (const stage of stages) {
    const { name } = stageOf(stage);
    if (!isListed(UPDATE_STAGES, name)) {
      throw new CommandError(
        'InvalidOptions',
        `${name} is not allowed to be used within an update`,
      );
    }
  }
  const run = compileStages(stages, variables);
  return (document) => {
    const [result = document] = run([document]);
    const updated = keepId(document, result);
    return isIdentical(updated, document) ? document : updated;
  };
}

function keepId(before: Document, after: Document): Document {
  const id = before.get('_id');
  const newId = after.get('_id');
  if (id === undefined) return after;
  if (newId === undefined) return new Map([['_id', id], ...after]);
  if (equalValues(id, newId)) return after;
  throw new CommandError(
    'ImmutableField',
    `After applying the update, the (immutable) field '_id' was found to have been altered to ${describeElement('_id', newId)}`,
  );
}
