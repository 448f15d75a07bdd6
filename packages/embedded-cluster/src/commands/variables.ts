import { letVariables, type Variables } from '../documents/variables.ts';
import { documentArgument } from './arguments.ts';
import type { CommandContext } from './command.ts';

/** The command's `let`, worked out. */
export const variablesOf = (context: CommandContext): Variables =>
  letVariables(documentArgument(context, 'let'));
