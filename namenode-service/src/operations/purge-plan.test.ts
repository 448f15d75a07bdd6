import { uuidV7, type OperationRecord } from '@marquee/slot-protocol';
import { PURGE_SCOPE, purgeBefore } from './purge-plan.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;
const SAMPLE_MAX = 4;

const idAt = (day: number) => uuidV7(day * DAY_MS, '00000000-0000-4000-8000-000000000001');
const recordsOf = (...days: readonly (number | `purge ${number}`)[]): OperationRecord[] =>
  days.map((day, index) => {
    const isPurge = typeof day === 'string';
    const id = idAt(isPurge ? Number(day.slice('purge '.length)) : day);
    const operationId = isPurge ? `${PURGE_SCOPE}${id}` : `ada/${id}`;
    return { sequence: index + 1, operationId } as OperationRecord;
  });
const plan = (records: readonly OperationRecord[], nowMs = NOW_MS) =>
  purgeBefore(
    {
      sampleMax: SAMPLE_MAX,
      oldest: records.slice(0, SAMPLE_MAX),
      newest: records.slice(-SAMPLE_MAX),
    },
    uuidV7(nowMs - 7 * DAY_MS, '00000000-0000-4000-8000-000000000000'),
  );
const SEVEN_DAYS_AGO = uuidV7(93 * DAY_MS, '00000000-0000-4000-8000-000000000000');

describe('what a slot is to forget', () => {
  it('is what is older than records are kept, and nothing where all is recent', () => {
    expect(plan(recordsOf(80, 92, 94, 99))).toBe(SEVEN_DAYS_AGO);
    expect(plan(recordsOf(93, 94, 99))).toBeUndefined();
    expect(plan(recordsOf(94, 80, 99))).toBeUndefined();
    expect(plan([])).toBeUndefined();
  });

  it('is not the record of the last purge alone: a slot at rest stays at rest', () => {
    expect(plan(recordsOf('purge 80', 99))).toBeUndefined();
    expect(plan(recordsOf(50, 'purge 80'))).toBeUndefined();
    expect(plan(recordsOf('purge 80'))).toBeUndefined();
    expect(plan(recordsOf('purge 80', 81, 99))).toBe(SEVEN_DAYS_AGO);
  });

  it('is found behind a purge that took several rounds', () => {
    const rounds = recordsOf('purge 80', 'purge 80', 'purge 80', 'purge 80', 81, 99);
    expect(plan(rounds)).toBe(SEVEN_DAYS_AGO);
  });

  it('ends at the newest operation of the slot, whatever a clock that is ahead says', () => {
    const centuryMs = 36_500 * DAY_MS;
    const records = recordsOf(80, 90, 'purge 36500');
    expect(plan(records, centuryMs)).toBe(idAt(90));
    expect(plan(recordsOf(90, 'purge 36500'), centuryMs)).toBeUndefined();
  });
});
