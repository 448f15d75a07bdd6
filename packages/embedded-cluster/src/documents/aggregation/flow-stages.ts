import { Int32, Long } from 'bson';
import { CommandError } from '../../command-error.ts';
import { describeElement } from '../describe-value.ts';
import type { Variables } from '../expression/operator-compiler.ts';
import { compileFilter } from '../filter.ts';
import type { KeyTuple } from '../key-tuples.ts';
import { compileSort } from '../sort.ts';
import { type Document, isDocument, isNumber, toSafeInteger, type Value } from '../value.ts';
import { type Stage, streaming } from './stage.ts';

export function matchFilter(spec: Value): Document {
  if (isDocument(spec)) return spec;
  throw new CommandError(15959, 'the match filter must be an expression in an object');
}

export function compileMatch(spec: Value, variables: Variables): Stage {
  const filter = compileFilter(matchFilter(spec), variables);
  return streaming(() => (document, emit) => {
    if (filter.matches(document)) emit(document);
    return true;
  });
}

export function sortSpec(spec: Value): Document {
  if (!isDocument(spec)) {
    throw new CommandError(15973, 'the $sort key specification must be an object');
  }
  if (spec.size === 0) {
    throw new CommandError(15976, '$sort stage must have at least one sort key');
  }
  if (spec.has('$natural')) {
    throw new CommandError(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
  }
  return spec;
}

export function compileSortStage(spec: Value): Stage {
  const sort = compileSort(sortSpec(spec));
  return () => {
    const held: { key: KeyTuple; document: Document }[] = [];
    return {
      push: (document) => {
        held.push({ key: sort.keyOf(document), document });
        return true;
      },
      finish: (emit) => {
        held.sort((a, b) => sort.compareKeys(a.key, b.key));
        for (const { document } of held) emit(document);
      },
    };
  };
}

export function limitCount(spec: Value): number {
  const count = wholeNumber('$limit', 5107201, spec);
  if (count <= 0) throw new CommandError(15958, 'the limit must be positive');
  return count;
}

export const skipCount = (spec: Value): number => wholeNumber('$skip', 5107200, spec);

function wholeNumber(stage: string, code: number, spec: Value): number {
  const problem = (expected: string): CommandError =>
    new CommandError(
      code,
      `invalid argument to ${stage} stage: Expected ${expected} in: ${describeElement(stage, spec)}`,
    );
  if (!isNumber(spec)) throw problem('a number');
  const count = toSafeInteger(spec);
  if (count === undefined) throw problem('an integer');
  if (count < 0) throw problem('a non-negative number');
  return count;
}

export function compileLimit(spec: Value): Stage {
  const limit = limitCount(spec);
  return streaming(() => {
    let left = limit;
    return (document, emit) => {
      if (left > 0) emit(document);
      left -= 1;
      return left > 0;
    };
  });
}

export function compileSkip(spec: Value): Stage {
  const skip = skipCount(spec);
  return streaming(() => {
    let left = skip;
    return (document, emit) => {
      if (left > 0) left -= 1;
      else emit(document);
      return true;
    };
  });
}

/** No input, no document: the server's `$count` is a group. */
export function compileCount(spec: Value): Stage {
  const name = countName(spec);
  return () => {
    let count = 0;
    return {
      push: () => {
        count += 1;
        return true;
      },
      finish: (emit) => {
        if (count === 0) return;
        const value = (count | 0) === count ? new Int32(count) : Long.fromNumber(count);
        emit(new Map([[name, value]]));
      },
    };
  };
}

function countName(spec: Value): string {
  if (typeof spec !== 'string') {
    throw new CommandError(40156, 'the count field must be a non-empty string');
  }
  if (spec === '') throw new CommandError(40157, 'the count field must be a non-empty string');
  if (spec.startsWith('$')) {
    throw new CommandError(40158, 'the count field cannot be a $-prefixed path');
  }
  if (spec.includes('\0')) {
    throw new CommandError(40159, 'the count field cannot contain a null byte');
  }
  if (spec.includes('.')) throw new CommandError(40160, "the count field cannot contain '.'");
  return spec;
}
