import { Double, Int32, Long } from 'bson';
import { typeMismatch } from '../../command-error.ts';
import { divideDecimals, toDecimal } from '../arithmetic/decimal.ts';
import { NumberSum } from '../arithmetic/number-sum.ts';
import type { AccumulatorName } from '../../scope/scope.ts';
import { compareValues } from '../compare.ts';
import { equalityKey } from '../equality-key.ts';
import { roughBytes } from '../rough-bytes.ts';
import { isDocument, isNumber, type Value } from '../value.ts';

/** What a group keeps for one field. */
export interface Accumulator {
  add(value: Value): void;
  result(): Value;
  /** Roughly what it holds, where that grows. */
  readonly heldBytes?: number;
}

class SumAccumulator implements Accumulator {
  readonly #sum = new NumberSum();

  add(value: Value): void {
    if (isNumber(value)) this.#sum.add(value);
  }

  result(): Value {
    return this.#sum.total();
  }
}

class CountAccumulator implements Accumulator {
  #count = 0;

  add(): void {
    this.#count += 1;
  }

  result(): Value {
    return (this.#count | 0) === this.#count
      ? new Int32(this.#count)
      : Long.fromNumber(this.#count);
  }
}

class AverageAccumulator implements Accumulator {
  readonly #sum = new NumberSum();
  #count = 0;

  add(value: Value): void {
    if (!isNumber(value)) return;
    this.#sum.add(value);
    this.#count += 1;
  }

  result(): Value {
    if (this.#count === 0) return null;
    if (!this.#sum.hasDecimal) return new Double(this.#sum.toDouble() / this.#count);
    const count = { coefficient: BigInt(this.#count), exponent: 0 };
    return toDecimal(divideDecimals(this.#sum.toExact(), count));
  }
}

class ExtremeAccumulator implements Accumulator {
  #extreme: Value;
  readonly #sign: 1 | -1;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  add(value: Value): void {
    if (value === null || value === undefined) return;
    const isBetter =
      this.#extreme === undefined || compareValues(value, this.#extreme) * this.#sign > 0;
    if (isBetter) this.#extreme = value;
  }

  result(): Value {
    return this.#extreme ?? null;
  }
}

class FirstAccumulator implements Accumulator {
  #seen = false;
  #first: Value;

  add(value: Value): void {
    if (!this.#seen) this.#first = value;
    this.#seen = true;
  }

  result(): Value {
    return this.#first ?? null;
  }
}

class LastAccumulator implements Accumulator {
  #last: Value;

  add(value: Value): void {
    this.#last = value;
  }

  result(): Value {
    return this.#last ?? null;
  }
}

class PushAccumulator implements Accumulator {
  readonly #values: Value[] = [];
  heldBytes = 0;

  add(value: Value): void {
    if (value === undefined) return;
    this.#values.push(value);
    this.heldBytes += roughBytes(value);
  }

  result(): Value {
    return this.#values;
  }
}

class SetAccumulator implements Accumulator {
  readonly #values = new Map<string, Value>();
  heldBytes = 0;

  add(value: Value): void {
    if (value === undefined) return;
    const key = equalityKey(value);
    if (this.#values.has(key)) return;
    this.#values.set(key, value);
    this.heldBytes += roughBytes(value) + key.length;
  }

  result(): Value {
    return [...this.#values.values()];
  }
}

export const ACCUMULATOR_FACTORIES: Record<
  AccumulatorName,
  (argument: Value) => () => Accumulator
> = {
  $sum: () => () => new SumAccumulator(),
  $avg: () => () => new AverageAccumulator(),
  $min: () => () => new ExtremeAccumulator(-1),
  $max: () => () => new ExtremeAccumulator(1),
  $first: () => () => new FirstAccumulator(),
  $last: () => () => new LastAccumulator(),
  $push: () => () => new PushAccumulator(),
  $addToSet: () => () => new SetAccumulator(),
  $count: (argument) => {
    if (!isDocument(argument) || argument.size > 0) {
      throw typeMismatch('$count takes no arguments, i.e. $count:{}');
    }
    return () => new CountAccumulator();
  },
};
