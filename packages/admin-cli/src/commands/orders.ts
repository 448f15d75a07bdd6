import { z } from 'zod';
import { Operation } from '../answers.ts';
import { parseSlots, takeArguments } from '../arguments.ts';
import { awaitOperations } from '../await-operation.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { table } from '../table.ts';
import { UsageError } from '../usage-error.ts';

const LogEnd = z.object({ epoch: z.number(), sequence: z.number() });

const Loss = z.looseObject({
  slots: z.array(
    z.looseObject({
      slot: z.number(),
      target: LogEnd,
      known: LogEnd.extend({ cluster: z.string() }),
    }),
  ),
  operations: z.number(),
  silent: z.array(z.string()),
});

const DryRun = z.looseObject({
  dryRun: z.literal(true),
  plan: z.looseObject({}),
  loss: Loss.optional(),
});

const describeLoss = ({ slots, operations, silent }: z.output<typeof Loss>): string => {
  const endOf = ({ epoch, sequence }: z.output<typeof LogEnd>) => `${epoch}/${sequence}`;
  const rows = slots.map(({ slot, target, known }) => [
    String(slot),
    endOf(target),
    endOf(known),
    known.cluster,
  ]);
  return [
    ...(rows.length === 0 ? [] : [table([['SLOT', 'WOULD HAVE', 'KNOWN', 'AT'], ...rows])]),
    `at least ${operations} operations are lost`,
    ...(silent.length === 0
      ? []
      : [`and whatever only these have, which do not answer: ${silent.join(', ')}`]),
  ].join('\n');
};

/** Orders what the body says; with `--dry-run` only says what it would come down to. */
const order = async (
  context: CommandContext,
  body: Readonly<Record<string, unknown>>,
): Promise<ExitCode> => {
  const { api, flags, print, randomId } = context;
  const request = { ...body, ...(flags.why === undefined ? {} : { why: flags.why }) };
  if (flags.dryRun) {
    const answer = DryRun.parse(await api.post('/operations?dryRun=true', request));
    print(answer, () => {
      const plan = `would do: ${JSON.stringify(answer.plan)}`;
      return answer.loss === undefined ? plan : `${plan}\n${describeLoss(answer.loss)}`;
    });
    return EXIT.done;
  }
  // A lost answer may be asked for again without a second operation.
  const headers = { 'idempotency-key': randomId() };
  const operation = Operation.parse(await api.post('/operations', request, headers));
  return awaitOperations(context, [operation]);
};

export const failover: Command = {
  usage: 'failover SHARD [--to CLUSTER] [--dry-run] [--why TEXT]',
  summary: 'hands a shard over to a replica',
  async run(context) {
    const [shard] = takeArguments(context.args, ['SHARD']);
    const { to } = context.flags;
    return order(context, { kind: 'failover', shard, ...(to === undefined ? {} : { to }) });
  },
};

export const uncleanFailover: Command = {
  usage: 'unclean-failover SHARD --to CLUSTER (--dry-run | --confirm-shard SHARD)',
  summary:
    'gives a shard to a cluster that may lack acknowledged writes: --dry-run shows what is lost',
  async run(context) {
    const [shard] = takeArguments(context.args, ['SHARD']);
    const { to, confirmShard } = context.flags;
    if (to === undefined) throw new UsageError('expected --to CLUSTER');
    const confirmed = confirmShard === undefined ? {} : { confirmShard };
    return order(context, { kind: 'unclean-failover', shard, to, ...confirmed });
  },
};

export const join: Command = {
  usage: 'join SHARD CLUSTER',
  summary: 'makes a learner a replica now',
  async run(context) {
    const [shard, cluster] = takeArguments(context.args, ['SHARD', 'CLUSTER']);
    return order(context, { kind: 'join', shard, cluster });
  },
};

export const migrate: Command = {
  usage: 'migrate SLOTS --to SHARD [--dry-run]',
  summary: 'moves slots (as 3,7,10-12) to another shard',
  async run(context) {
    const [slots] = takeArguments(context.args, ['SLOTS']);
    const { to } = context.flags;
    if (to === undefined) throw new UsageError('expected --to SHARD');
    return order(context, { kind: 'migrate', to, slots: parseSlots(slots) });
  },
};
