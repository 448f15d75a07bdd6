/** A row of `movies.json` that was left out: its index, counted from 0, and why. */
export interface SkippedRow {
  row: number;
  reason: string;
}
