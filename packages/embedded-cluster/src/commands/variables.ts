import { CommandError } from '../command-error.ts';
import { compileExpression } from '../documents/expression.ts';
import { NO_VARIABLES, type Variables } from '../documents/expression/operator-compiler.ts';
import type { Value } from '../documents/value.ts';
import { documentArgument, EMPTY_DOCUMENT } from './arguments.ts';
import type { CommandContext } from './command.ts';

/** The command's `let`: expressions without a document, worked out once, that `$$name` then stands for. */
export const variablesOf = (context: CommandContext): Variables => {
  const given = documentArgument(context, 'let');
  if (!given || given.size === 0) return NO_VARIABLES;
  const variables = new Map<string, Value>();
  for (const [name, source] of given) {
    if (!/^[a-z][A-Za-z0-9_]*$/.test(name) && !/^[^\0-\x7f]/.test(name)) {
      throw new CommandError(
        16867,
        `'${name}' starts with an invalid character for a user variable name`,
      );
    }
    variables.set(name, compileExpression(source)(EMPTY_DOCUMENT));
  }
  return variables;
};
