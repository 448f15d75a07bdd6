import { badValue } from '../command-error.ts';
import { isDocument, isNumber, toDouble } from '../documents/value.ts';
import { EMPTY_DOCUMENT, documentArgument } from './arguments.ts';
import type { Command } from './command.ts';

export const configureFailPoint: Command = {
  name: 'configureFailPoint',
  kind: 'control',
  testOnly: true,
  fields: ['mode', 'data'],
  run: (context) => {
    const name = context.body.get('configureFailPoint');
    if (typeof name !== 'string') throw badValue('configureFailPoint must name a fail point');
    context.cluster.failPoints.configure(
      name,
      context.body.get('mode'),
      documentArgument(context, 'data') ?? EMPTY_DOCUMENT,
    );
    return new Map();
  },
};

/** Long enough for every client to notice; a set that elects takes ten seconds or so. */
const UNAVAILABLE_MAX_MS = 60_000;

/** `{ marqueeElection: { unavailableMs } }`: see election.ts. */
export const marqueeElection: Command = {
  name: 'marqueeElection',
  kind: 'control',
  testOnly: true,
  fields: [],
  run: async (context) => {
    const options = context.body.get('marqueeElection');
    const unavailable = isDocument(options) ? options.get('unavailableMs') : undefined;
    const unavailableMs = isNumber(unavailable) ? toDouble(unavailable) : NaN;
    if (!(unavailableMs >= 0 && unavailableMs <= UNAVAILABLE_MAX_MS)) {
      throw badValue(
        `marqueeElection.unavailableMs must be a number from 0 to ${UNAVAILABLE_MAX_MS.toString()}`,
      );
    }
    await context.cluster.election.hold(context.connection, unavailableMs);
    return new Map();
  },
};
