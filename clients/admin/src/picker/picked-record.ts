/** A record that another one refers to, with the name under which it is shown. */
export interface PickedRecord {
  readonly id: string;
  readonly name: string;
}

export interface PickOption extends PickedRecord {
  /** What tells it from others of the same name. */
  readonly detail: string;
}
