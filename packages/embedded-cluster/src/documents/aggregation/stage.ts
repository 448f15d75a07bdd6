import type { Variables } from '../expression/operator-compiler.ts';
import type { Document, Value } from '../value.ts';

export type Emit = (document: Document) => void;

/** One stage at work. Documents are pushed through; what it holds back it emits at the end. */
export interface StageRun {
  /** False once no further input can change the outcome. */
  push(document: Document, emit: Emit): boolean;
  finish(emit: Emit): void;
}

/** A compiled stage; each run of the pipeline starts its own. */
export type Stage = () => StageRun;

export type StageCompiler = (spec: Value, variables: Variables) => Stage;

const nothing = (): void => undefined;

/** A stage that turns each document into one other. */
export const mapping =
  (map: (document: Document) => Document): Stage =>
  () => ({
    push: (document, emit) => {
      emit(map(document));
      return true;
    },
    finish: nothing,
  });

/** A stage that holds nothing back. */
export const streaming =
  (start: () => StageRun['push']): Stage =>
  () => ({ push: start(), finish: nothing });
