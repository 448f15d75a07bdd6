import { CommandError } from '../../command-error.ts';
import { ACCUMULATORS, isListed } from '../../scope/scope.ts';
import { compileExpression, type Expression } from '../expression.ts';
import type { Variables } from '../expression/operator-compiler.ts';
import { type Document, isDocument, type Value } from '../value.ts';
import { equalityKey } from '../equality-key.ts';
import { type Accumulator, ACCUMULATOR_FACTORIES } from './accumulators.ts';
import type { Stage } from './stage.ts';

interface GroupField {
  readonly name: string;
  readonly argument: Expression;
  readonly start: () => Accumulator;
}

/** MongoDB's internalDocumentSourceGroupMaxMemoryBytes; it spills to disk past that, we refuse. */
export const GROUP_MAX_BYTES = 100 * 1024 * 1024;

/** A group that holds next to nothing. */
const GROUP_BYTES = 200;

/** Groups keep the order in which they were first met; the server promises none. */
export function compileGroup(spec: Value, variables: Variables): Stage {
  if (!isDocument(spec)) {
    throw new CommandError(15947, "a group's fields must be specified in an object");
  }
  if (!spec.has('_id')) {
    throw new CommandError(15955, 'a group specification must include an _id');
  }
  const id = compileExpression(spec.get('_id'), variables);
  const fields = [...spec]
    .filter(([name]) => name !== '_id')
    .map(([name, accumulation]) => compileField(name, accumulation, variables));
  return () => {
    const groups = new Map<string, { id: Value; accumulators: Accumulator[] }>();
    let heldBytes = 0;
    return {
      push: (document) => {
        // A missing key groups with null.
        const key = id(document) ?? null;
        const text = equalityKey(key);
        let group = groups.get(text);
        if (!group) {
          group = { id: key, accumulators: fields.map(({ start }) => start()) };
          groups.set(text, group);
          heldBytes += GROUP_BYTES + text.length;
        }
        for (const [index, { argument }] of fields.entries()) {
          const accumulator = group.accumulators[index];
          const before = accumulator?.heldBytes ?? 0;
          accumulator?.add(argument(document));
          heldBytes += (accumulator?.heldBytes ?? 0) - before;
        }
        if (heldBytes > GROUP_MAX_BYTES) throw groupTooLarge();
        return true;
      },
      finish: (emit) => {
        for (const group of groups.values()) {
          const document: Document = new Map([['_id', group.id]]);
          fields.forEach(({ name }, index) => {
            document.set(name, group.accumulators[index]?.result());
          });
          emit(document);
        }
      },
    };
  };
}

const groupTooLarge = (): CommandError =>
  new CommandError(
    292,
    `Exceeded memory limit for $group of ${GROUP_MAX_BYTES.toString()} bytes; this engine does not spill to disk`,
  );

function compileField(name: string, accumulation: Value, variables: Variables): GroupField {
  if (name.includes('.')) {
    throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
  }
  if (name.startsWith('$')) {
    throw new CommandError(40236, `The field name '${name}' cannot be an operator name`);
  }
  if (!isDocument(accumulation)) {
    throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  }
  const [first] = accumulation;
  if (!first || accumulation.size !== 1) {
    throw new CommandError(40238, `The field '${name}' must specify one accumulator`);
  }
  const [operator, argument] = first;
  if (!isListed(ACCUMULATORS, operator)) {
    throw new CommandError(15952, `unknown group operator '${operator}'`);
  }
  if (Array.isArray(argument)) {
    throw new CommandError(40237, `The ${operator} accumulator is a unary operator`);
  }
  return {
    name,
    argument: compileExpression(argument, variables),
    start: ACCUMULATOR_FACTORIES[operator](argument),
  };
}
