import { Double, Int32, Long } from 'bson';
import { exactDouble, type ExactNumber, exactNumber } from '../exact-number.ts';
import type { NumberValue } from '../value.ts';
import { addDecimals, toDecimal } from './decimal.ts';

/**
 * A running sum as the server's `$sum` keeps it: integers exactly, doubles in two doubles (error-free
 * addition, D. E. Knuth, TAOCP vol. 2, 4.2.2), decimals apart. The widest type that was added decides
 * the type of the total.
 */
export class NumberSum {
  #integers = 0n;
  #sum = 0;
  #addend = 0;
  /** A plain sum: it is right where infinities or NaN were added. */
  #plain = 0;
  #decimals: ExactNumber | number = { coefficient: 0n, exponent: 0 };
  #sawLong = false;
  #sawDouble = false;
  hasDecimal = false;

  add(value: NumberValue): void {
    switch (value._bsontype) {
      case 'Int32':
        this.#integers += BigInt(value.value);
        return;
      case 'Long':
        this.#sawLong = true;
        this.#integers += value.toBigInt();
        return;
      case 'Double':
        this.#sawDouble = true;
        this.#addDouble(value.value);
        return;
      case 'Decimal128':
        this.hasDecimal = true;
        this.#decimals = addDecimals(this.#decimals, exactNumber(value));
        if (typeof this.#decimals !== 'number') {
          // Each addition rounds to 34 digits, as in the server.
          this.#decimals = exactNumber(toDecimal(this.#decimals));
        }
    }
  }

  #addDouble(double: number): void {
    this.#plain += double;
    const low = double + this.#addend;
    const lowError = this.#addend - (low - double);
    const sum = this.#sum + low;
    const part = sum - low;
    const error = this.#sum - part + (low - (sum - part));
    this.#sum = sum;
    this.#addend = lowError + error;
  }

  total(): NumberValue {
    if (this.hasDecimal) return toDecimal(this.toExact());
    if (this.#sawDouble) return new Double(this.toDouble());
    const integers = this.#integers;
    if (!this.#sawLong && BigInt.asIntN(32, integers) === integers) {
      return new Int32(Number(integers));
    }
    return BigInt.asIntN(64, integers) === integers
      ? Long.fromBigInt(integers)
      : new Double(Number(integers));
  }

  /** Without decimals. */
  toDouble(): number {
    const doubles = Number.isNaN(this.#sum) ? this.#plain : this.#sum;
    if (this.#integers === 0n) return doubles;
    if (!Number.isFinite(doubles)) return doubles + Number(this.#integers);
    const exact = this.#exactNonDecimals();
    return Number(`${exact.coefficient.toString()}e${exact.exponent.toString()}`);
  }

  toExact(): ExactNumber | number {
    const doubles = Number.isNaN(this.#sum) ? this.#plain : this.#sum;
    if (!Number.isFinite(doubles)) return addDecimals(this.#decimals, doubles);
    return addDecimals(this.#decimals, this.#exactNonDecimals());
  }

  #exactNonDecimals(): ExactNumber {
    const parts = [
      { coefficient: this.#integers, exponent: 0 },
      exactDouble(this.#sum),
      exactDouble(this.#addend),
    ];
    return parts.reduce((a, b) => addDecimals(a, b) as ExactNumber);
  }
}
