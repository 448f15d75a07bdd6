import { Operation } from './answers.ts';
import type { CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Between two looks at an operation that is under way. */
const LOOK_INTERVAL_MS = 500;

/** Shows each of these operations and, unless told not to, waits for their ends. */
export const awaitOperations = async (
  context: CommandContext,
  ordered: readonly Operation[],
): Promise<ExitCode> => {
  const ended: Operation[] = [];
  for (const { id } of ordered) ended.push(await awaitOperation(context, id));
  const value = ended.length === 1 ? ended[0] : { operations: ended };
  context.print(value, () => ended.map(describeOperation).join('\n'));
  return ended.some(({ status }) => status === 'undone') ? EXIT.failed : EXIT.done;
};

/** As it is at its end, or now if told not to wait. */
export const awaitOperation = async (
  { api, flags, sleep }: CommandContext,
  id: string,
): Promise<Operation> => {
  for (;;) {
    const operation = Operation.parse(await api.get(`/operations/${encodeURIComponent(id)}`));
    if (operation.endedAtMs !== null || flags.noWait) return operation;
    await sleep(LOOK_INTERVAL_MS);
  }
};

/** One line for people. */
export const describeOperation = (operation: Operation): string => {
  const { id, plan, status, outcome, endedAtMs, orderedAtMs, steps } = operation;
  const { kind, slots, ...facts } = plan;
  const about = Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`);
  if (Array.isArray(slots)) about.push(`slots=${slots.length}`);
  const last = steps.at(-1);
  const { done, total } = last?.progress ?? {};
  const now =
    endedAtMs === null
      ? `${last?.what ?? 'waits'}${total === undefined ? '' : ` (${done}/${total})`}`
      : `after ${((endedAtMs - orderedAtMs) / 1000).toFixed(1)} s`;
  return [id, kind, ...about, status, now, outcome ?? ''].join('  ').trimEnd();
};
