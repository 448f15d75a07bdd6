import { PLAN_CASES, runPlanCrash, type CrashRun } from './crash-points.ts';
import type { Moment } from './dying-instance.ts';
import { LED_CASES } from './led-cases.ts';
import { runLedCrash } from './led-crash.ts';

export interface CrashCase {
  readonly name: string;
  readonly run: (crashAt: number, moment: Moment) => Promise<CrashRun>;
}

/** Every kind of thing that a leader does step by step. */
export const CRASH_CASES: readonly CrashCase[] = [
  ...PLAN_CASES.map((each): CrashCase => ({
    name: each.name,
    run: (crashAt, moment) => runPlanCrash(each, crashAt, moment),
  })),
  ...LED_CASES.map((each): CrashCase => ({
    name: each.name,
    run: (crashAt, moment) => runLedCrash(each, crashAt, moment),
  })),
];
