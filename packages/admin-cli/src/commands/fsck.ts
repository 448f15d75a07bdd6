import { z } from 'zod';
import { Finding, Operation } from '../answers.ts';
import { takeArguments } from '../arguments.ts';
import { awaitOperation, describeOperation } from '../await-operation.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { table } from '../table.ts';

const Findings = z.looseObject({ findings: z.array(Finding), more: z.boolean() });

const HEADING = ['WHAT', 'CLUSTER', 'SLOT', 'ID'];

const cells = ({ kind, cluster, slot, id }: z.output<typeof Finding>): string[] => [
  kind,
  cluster,
  slot === undefined ? '' : String(slot),
  id ?? '',
];

export const fsck: Command = {
  usage: 'fsck [--repair]',
  summary: 'looks through all clusters for what must not be, and mends what can be mended',
  async run(context) {
    takeArguments(context.args, []);
    return context.flags.repair ? repair(context) : check(context);
  },
};

const check = async ({ api, print }: CommandContext): Promise<ExitCode> => {
  const answer = Findings.parse(await api.get('/findings'));
  const { findings, more } = answer;
  print(answer, () => {
    if (findings.length === 0) return 'clean';
    const told = table([HEADING, ...findings.map(cells)]);
    return more ? `${told}\n… and more` : told;
  });
  return findings.length === 0 ? EXIT.done : EXIT.failed;
};

/** Succeeds if nothing is left that it could not mend. */
const repair = async (context: CommandContext): Promise<ExitCode> => {
  const { api, flags, print, randomId } = context;
  const order = { kind: 'repair', ...(flags.why === undefined ? {} : { why: flags.why }) };
  // A lost answer may be asked for again without a second repair.
  const headers = { 'idempotency-key': randomId() };
  const { id } = Operation.parse(await api.post('/operations', order, headers));
  const operation = await awaitOperation(context, id);
  const { report = [] } = operation;
  print(operation, () => {
    if (operation.endedAtMs !== null && report.length === 0) return 'clean';
    const rows = report.map(({ finding, action }) => [...cells(finding), action]);
    return `${table([[...HEADING, 'ACTION'], ...rows])}\n\n${describeOperation(operation)}`;
  });
  const isMended = report.every((each) => each.isMended) && operation.status !== 'undone';
  return isMended ? EXIT.done : EXIT.failed;
};
