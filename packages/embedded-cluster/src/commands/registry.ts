import { aggregate } from './aggregate.ts';
import { create, drop, dropDatabase, listCollections, listDatabases } from './collections.ts';
import type { Command } from './command.ts';
import { count } from './count.ts';
import { deleteCommand } from './delete.ts';
import {
  buildInfo,
  collStats,
  connectionStatus,
  dbStats,
  getCmdLineOpts,
  getLog,
  getParameter,
  hostInfo,
  ping,
  replSetGetConfig,
  replSetGetStatus,
  serverStatus,
  whatsmyuri,
} from './diagnostics.ts';
import { distinct } from './distinct.ts';
import { explain } from './explain.ts';
import { find } from './find.ts';
import { findAndModify } from './find-and-modify.ts';
import { getMore, killCursors } from './get-more.ts';
import { hello } from './hello.ts';
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts';
import { insert } from './insert.ts';
import {
  endSessions,
  killAllSessions,
  killSessions,
  refreshSessions,
  startSession,
} from './sessions.ts';
import { configureFailPoint, marqueeElection } from './test-commands.ts';
import { abortTransaction, commitTransaction } from './transactions.ts';
import { update } from './update.ts';

/** Every command that this engine has; any other name is answered with CommandNotFound. */
export const COMMANDS: readonly Command[] = [
  abortTransaction,
  aggregate,
  buildInfo,
  collStats,
  commitTransaction,
  configureFailPoint,
  connectionStatus,
  count,
  create,
  createIndexes,
  dbStats,
  deleteCommand,
  distinct,
  drop,
  dropDatabase,
  dropIndexes,
  endSessions,
  explain,
  find,
  findAndModify,
  getCmdLineOpts,
  getLog,
  getMore,
  getParameter,
  hello,
  hostInfo,
  insert,
  killAllSessions,
  killCursors,
  killSessions,
  listCollections,
  listDatabases,
  listIndexes,
  marqueeElection,
  ping,
  refreshSessions,
  replSetGetConfig,
  replSetGetStatus,
  serverStatus,
  startSession,
  update,
  whatsmyuri,
];

const BY_NAME = new Map(
  COMMANDS.flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((name) => [name, command] as const),
  ),
);

export const findCommand = (name: string, testCommands: boolean): Command | undefined => {
  const command = BY_NAME.get(name);
  return command?.testOnly && !testCommands ? undefined : command;
};
