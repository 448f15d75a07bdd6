import { MarqueeError } from '@marquee/errors';

/** Another leader has left its mark: this instance must not touch anything any more. */
export class Deposed extends MarqueeError {
  constructor(facts: { readonly cluster: string; readonly slot: number }) {
    super('NOT_READY', facts, { message: 'another leader is at work' });
    this.name = 'Deposed';
  }
}

export const deposed = (facts: { readonly cluster: string; readonly slot: number }): Deposed =>
  new Deposed(facts);

/**
 * Why an operation cannot go on and is undone: a cluster that does not answer or is not what it must
 * be, a person's cancel, something more urgent. Stays inside the NameNode.
 */
export class OperationImpossible extends Error {
  readonly code = 'OPERATION_IMPOSSIBLE';

  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(reason, options);
    this.name = 'OperationImpossible';
  }
}

export const isOperationImpossible = (error: unknown): error is OperationImpossible =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'OPERATION_IMPOSSIBLE';
