/** Which operation of the slot last wrote a document. */
export interface DocumentVersion {
  readonly epoch: number;
  readonly sequence: number;
}

/** A document of one of the four collections, as it is stored; its own content lies beside these. */
export interface StoredDocument {
  readonly _id: string;
  readonly slot: number;
  readonly version: DocumentVersion;
  /** Content revision: starts at 1, grows by one with every change that counts as one. */
  readonly revision: number;
  /** A tombstone: the document was deleted, its content may still be there. */
  readonly deleted: boolean;
  readonly [field: string]: unknown;
}

/** A document as an operation puts it: the protocol adds `slot` and `version`. */
export interface NewDocument {
  readonly _id: string;
  readonly revision?: number;
  readonly deleted?: boolean;
  readonly [field: string]: unknown;
}
