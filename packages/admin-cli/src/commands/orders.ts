import { z } from 'zod';
import { Operation } from '../answers.ts';
import { parseSlots, takeArguments } from '../arguments.ts';
import { awaitOperations } from '../await-operation.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';

const DryRun = z.looseObject({ dryRun: z.literal(true), plan: z.looseObject({}) });

/** Orders what the body says; with `--dry-run` only says what it would come down to. */
const order = async (
  context: CommandContext,
  body: Readonly<Record<string, unknown>>,
): Promise<ExitCode> => {
  const { api, flags, print, randomId } = context;
  const request = { ...body, ...(flags.why === undefined ? {} : { why: flags.why }) };
  if (flags.dryRun) {
    const answer = DryRun.parse(await api.post('/operations?dryRun=true', request));
    print(answer, () => `would do: ${JSON.stringify(answer.plan)}`);
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
  usage: 'unclean-failover SHARD --to CLUSTER --confirm-shard SHARD',
  summary: 'gives a shard to a cluster that may lack acknowledged writes: they are lost',
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
