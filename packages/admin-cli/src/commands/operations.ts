import { z } from 'zod';
import { Operation } from '../answers.ts';
import { takeArguments } from '../arguments.ts';
import { awaitOperations, describeOperation } from '../await-operation.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';

const OperationList = z.looseObject({ operations: z.array(Operation) });

export const operations: Command = {
  usage: 'operations [ID]',
  summary: 'the latest operations, or one with its steps',
  async run({ api, args, flags, print }) {
    const [id, ...more] = args;
    if (more.length > 0) throw new UsageError('expected one id at most');
    if (id === undefined) {
      const query = new URLSearchParams({ limit: flags.limit ?? '20' });
      const list = OperationList.parse(await api.get(`/operations?${query.toString()}`));
      print(list, () => list.operations.map(describeOperation).join('\n'));
      return EXIT.done;
    }
    const operation = Operation.parse(await api.get(`/operations/${encodeURIComponent(id)}`));
    print(operation, () =>
      [
        describeOperation(operation),
        `  by ${operation.by}: ${operation.why}`,
        ...operation.steps.map(({ atMs, what }) => `  ${new Date(atMs).toISOString()}  ${what}`),
      ].join('\n'),
    );
    return EXIT.done;
  },
};

export const cancel: Command = {
  usage: 'cancel ID',
  summary: 'undoes an operation that is not decided yet',
  async run(context) {
    const [id] = takeArguments(context.args, ['ID']);
    const path = `/operations/${encodeURIComponent(id)}/cancel`;
    const operation = Operation.parse(await context.api.post(path, {}));
    await awaitOperations(context, [operation]);
    return EXIT.done;
  },
};
