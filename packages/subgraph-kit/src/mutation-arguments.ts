/** Arguments of a mutation that can be repeated under its id. */
export interface RepeatableArguments {
  readonly operationId?: string | null;
}

/** Arguments of a mutation of the object with this id. */
export interface ByIdArguments extends RepeatableArguments {
  readonly id: string;
}

/** Arguments of a mutation that may insist on a revision. */
export interface RevisedArguments extends ByIdArguments {
  readonly expectedRevision?: number | null;
}

/** An input that GraphQL has judged by its types only. */
export interface InputArguments {
  readonly input: unknown;
}
