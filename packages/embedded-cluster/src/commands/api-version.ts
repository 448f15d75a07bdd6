import { CommandError } from '../command-error.ts';
import { type Document, isTruthy } from '../documents/value.ts';
import type { Command } from './command.ts';

/** What version 1 of MongoDB's stable API holds, of what this engine has. */
const VERSION_1: ReadonlySet<string> = new Set([
  'abortTransaction',
  'aggregate',
  'commitTransaction',
  'count',
  'create',
  'createIndexes',
  'delete',
  'drop',
  'dropDatabase',
  'dropIndexes',
  'endSessions',
  'explain',
  'find',
  'findAndModify',
  'getMore',
  'hello',
  'insert',
  'killCursors',
  'listCollections',
  'listDatabases',
  'listIndexes',
  'ping',
  'refreshSessions',
  'update',
]);

const API_VERSION_ERROR = 322;
const API_STRICT_ERROR = 323;

/** A client that declares a version of the stable API is held to it. */
export const assertApiVersion = (command: Command, body: Document): void => {
  const version = body.get('apiVersion');
  const strict = body.get('apiStrict');
  if (version === undefined) {
    if (strict !== undefined || body.has('apiDeprecationErrors')) {
      throw new CommandError(
        4886600,
        'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion',
      );
    }
    return;
  }
  if (version !== '1') {
    throw new CommandError(API_VERSION_ERROR, `API version must be "1"`);
  }
  if (isTruthy(strict) && !VERSION_1.has(command.name)) {
    throw beyondApi(`command ${command.name}`);
  }
};

/** A client that wants nothing but version 1 of the stable API has asked for more than that. */
export const beyondApi = (what: string): CommandError =>
  new CommandError(
    API_STRICT_ERROR,
    `Provided apiStrict:true, but the ${what} is not in API Version 1. Information on supported commands and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api`,
  );
