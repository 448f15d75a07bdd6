import type { Patch } from '../runner/walker.ts';

/** A mistake that the walks must find: one rule of the protocol left out of a copy of the code. */
export interface Mutant extends Patch {
  readonly name: string;
  /** What else has to change for it. */
  readonly also?: readonly Patch[];
  /** What the code does then. */
  readonly meaning: string;
  /** Scenarios in which it shows; all of them if absent. */
  readonly scenarios?: readonly string[];
}

export const patchesOf = ({ file, find, replace, also = [] }: Mutant): Patch[] => [
  { file, find, replace },
  ...also,
];
