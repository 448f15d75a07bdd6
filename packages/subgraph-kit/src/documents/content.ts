/** A content field that a document does not have is absent, never null. */
export type Absent = null | undefined;

type Present<T> = {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: NonNullable<T[Key]>;
} & {
  [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
};

/** The object without its fields that are null or undefined: BSON would keep them. */
export const withoutAbsent = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Present<T>;

// Types, not interfaces, here and for all contents: only those are records of unknown fields as well,
// which is what the slot protocol takes.

/** What every new document of the four collections begins with; the slot protocol adds slot and version. */
export type NewDocument = {
  readonly _id: string;
  /** Of the content: 1 for a new document, one more with every change. */
  readonly revision: number;
  readonly deleted: boolean;
};
