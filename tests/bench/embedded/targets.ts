/** What one run has shown; rates are those of one driver process. */
export interface Figures {
  readonly findOneOfPing: number;
  readonly insertOneOfPing: number;
  readonly pageP95Ms: number;
  /** The longest that a ping waited while such pages, or scans, were read. */
  readonly blockedByPagesMs: number;
  readonly atRestMb: number;
}

interface Target {
  readonly name: string;
  readonly figure: keyof Figures;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What is asked of the embedded engine; a run that misses one says so and ends with an error. */
const TARGETS: readonly Target[] = [
  { name: 'findOne by _id, share of the rate of ping', figure: 'findOneOfPing', atLeast: 0.6 },
  { name: 'insertOne, share of the rate of ping', figure: 'insertOneOfPing', atLeast: 1 },
  { name: 'page of 20 by an index, p95 in ms', figure: 'pageP95Ms', atMost: 5 },
  { name: 'longest wait beside such pages, ms', figure: 'blockedByPagesMs', atMost: 20 },
  { name: 'process at rest with 30k documents, MB', figure: 'atRestMb', atMost: 90 },
];

export interface Verdict {
  readonly line: string;
  readonly isMet: boolean;
}

/** A figure that could not be measured is not met. */
export const judge = (figures: Figures): Verdict[] =>
  TARGETS.map(({ name, figure, atLeast = -Infinity, atMost = Infinity }) => {
    const value = figures[figure];
    const isMet = value >= atLeast && value <= atMost;
    const wanted = atMost === Infinity ? `at least ${atLeast}` : `at most ${atMost}`;
    const line = `${isMet ? 'met   ' : 'MISSED'} ${name}: ${value.toFixed(2)}, ${wanted}`;
    return { line, isMet };
  });
