import { z } from 'zod';
import { Moves, Operation } from '../answers.ts';
import { takeArguments } from '../arguments.ts';
import { awaitOperations } from '../await-operation.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const Answer = z.looseObject({ moves: Moves, operations: z.array(Operation).optional() });

const describe = (moves: z.output<typeof Moves>): string =>
  moves.length === 0
    ? 'nothing to move'
    : moves.map(({ from, to, slots }) => `${slots.length} slots from ${from} to ${to}`).join('\n');

export const rebalance: Command = {
  usage: 'rebalance [--by documents|slots] [--drain SHARD] [--dry-run]',
  summary: 'evens the shards out, or empties one',
  async run(context) {
    const { api, args, flags, print } = context;
    takeArguments(args, []);
    const body = {
      ...(flags.by === undefined ? {} : { by: flags.by }),
      ...(flags.drain === undefined ? {} : { drain: flags.drain }),
      ...(flags.why === undefined ? {} : { why: flags.why }),
    };
    const path = flags.dryRun ? '/rebalance?dryRun=true' : '/rebalance';
    const answer = Answer.parse(await api.post(path, body));
    if (answer.operations === undefined || answer.operations.length === 0) {
      print(answer, () => describe(answer.moves));
      return EXIT.done;
    }
    return awaitOperations(context, answer.operations);
  },
};
