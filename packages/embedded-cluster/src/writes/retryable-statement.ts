import { CommandError } from '../command-error.ts';
import type { CommandContext } from '../commands/command.ts';
import { ConnectionLost } from '../commands/connection-lost.ts';

/** One statement of a retryable write. Tests can make it fail before it is done, or lose the connection after. */
export const runRetryable = async <T>(
  context: CommandContext,
  statement: () => Promise<T> | T,
): Promise<T> => {
  const failure = context.retry && context.cluster.failPoints.hitTransactionalWrite();
  if (failure?.before !== undefined) {
    if (failure.closeConnection) throw new ConnectionLost();
    throw new CommandError(failure.before, 'failing before commit');
  }
  const result = await statement();
  if (failure?.closeConnection) throw new ConnectionLost();
  return result;
};
