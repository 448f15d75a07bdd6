import { CommandError } from '../command-error.ts';
import type { Document } from '../documents/value.ts';
import type { Command } from './command.ts';

/** What every command may carry beside its own fields. */
const COMMON_FIELDS: ReadonlySet<string> = new Set([
  '$db',
  '$clusterTime',
  '$readPreference',
  '$audit',
  '$client',
  '$configServerState',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'autocommit',
  'comment',
  'lsid',
  'maxTimeMS',
  'readConcern',
  'startTransaction',
  'txnNumber',
  'writeConcern',
]);

/** Refuses a command with a field that nobody would look at. */
export const assertKnownFields = (command: Command, body: Document): void => {
  let position = 0;
  for (const field of body.keys()) {
    if (position++ === 0 || COMMON_FIELDS.has(field) || command.fields.includes(field)) continue;
    throw new CommandError(40415, `BSON field '${command.name}.${field}' is an unknown field.`);
  }
};
