/** Where a table stood when it was left, so that one comes back to the same rows. */
export interface TablePlace {
  /** The filters as they stand in the address. */
  readonly search: string;
  /** The cursor that each page after the first begins behind. */
  readonly cursors: readonly string[];
}

const places = new Map<string, TablePlace>();

export const recallTable = (collection: string): TablePlace =>
  places.get(collection) ?? { search: '', cursors: [] };

export const keepTable = (collection: string, place: TablePlace): void => {
  places.set(collection, place);
};
