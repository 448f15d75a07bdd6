import { CommandError, failedToParse } from '../command-error.ts';
import { compileExpression } from './expression.ts';
import { NO_VARIABLES, type Variables } from './expression/operator-compiler.ts';
import type { Document, Value } from './value.ts';

export type { Variables } from './expression/operator-compiler.ts';

/** The values of a command's `let`: constants, which `$$name` stands for in its expressions. */
export function letVariables(definitions: Document | undefined): Variables {
  if (!definitions) return NO_VARIABLES;
  const variables = new Map<string, Value>();
  for (const [name, definition] of definitions) {
    if (!/^[a-z\u0080-\uffff][0-9A-Za-z_\u0080-\uffff]*$/.test(name)) {
      throw failedToParse(`'${name}' starts with an invalid character for a user variable name`);
    }
    variables.set(name, compileExpression(definition, variables)(new NoDocument()));
  }
  return variables;
}

/** What `let` is evaluated on: there is no document yet. */
class NoDocument extends Map<string, Value> {
  override get(): never {
    throw new CommandError(
      4890500,
      'Command let Expression tried to access a field, but this is not allowed because Command let Expressions run before the query examines any documents.',
    );
  }
}
