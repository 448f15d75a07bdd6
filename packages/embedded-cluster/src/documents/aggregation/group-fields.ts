import { topOf } from '../filter/filter-fields.ts';
import { isDocument, isNumber, type Value } from '../value.ts';

/**
 * The top-level fields that a `$group` looks at, where it names them plainly (`'$genres'`) or looks at
 * none, as countDocuments does; undefined where it may look at any.
 */
export const groupFields = (stage: Value): ReadonlySet<string> | undefined => {
  const group = isDocument(stage) ? stage.get('$group') : undefined;
  if (!isDocument(group)) return undefined;
  const fields = new Set<string>();
  for (const [name, accumulation] of group) {
    const argument = name === '_id' ? accumulation : argumentOf(accumulation);
    if (isNumber(argument) || argument === null) continue;
    if (typeof argument !== 'string' || !/^\$[^$]/.test(argument)) return undefined;
    fields.add(topOf(argument.slice(1)));
  }
  return fields;
};

const argumentOf = (accumulation: Value): Value => {
  if (!isDocument(accumulation) || accumulation.size !== 1) return undefined;
  return accumulation.get('$sum');
};
