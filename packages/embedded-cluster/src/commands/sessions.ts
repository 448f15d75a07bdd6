import { UUID } from 'bson';
import { CommandError } from '../command-error.ts';
import { type Document, documentOf } from '../documents/value.ts';
import { SESSION_TIMEOUT_MS } from '../sessions/session-registry.ts';
import { arrayArgument } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { idOfSession } from './run-in-session.ts';

const endListed = (context: CommandContext, field: string): Document => {
  const { cluster } = context;
  for (const lsid of arrayArgument(context, field) ?? []) {
    const session = cluster.sessions.find(idOfSession(lsid));
    if (!session) continue;
    cluster.cursors.closeOfSession(session.key);
    cluster.sessions.end(session);
  }
  return new Map();
};

const endAll = ({ cluster }: CommandContext): Document => {
  for (const session of [...cluster.sessions.all()]) {
    cluster.cursors.closeOfSession(session.key);
    cluster.sessions.end(session);
  }
  return new Map();
};

export const startSession: Command = {
  name: 'startSession',
  kind: 'control',
  fields: [],
  run: () => documentOf({ id: { id: new UUID() }, timeoutMinutes: SESSION_TIMEOUT_MS / 60_000 }),
};

export const endSessions: Command = {
  name: 'endSessions',
  kind: 'control',
  fields: [],
  run: (context) => endListed(context, 'endSessions'),
};

export const refreshSessions: Command = {
  name: 'refreshSessions',
  kind: 'control',
  fields: [],
  run: (context) => {
    for (const lsid of arrayArgument(context, 'refreshSessions') ?? []) {
      context.cluster.sessions.use(idOfSession(lsid));
    }
    return new Map();
  },
};

/** With an empty list, all of them. */
export const killSessions: Command = {
  name: 'killSessions',
  kind: 'control',
  fields: [],
  run: (context) =>
    arrayArgument(context, 'killSessions')?.length === 0
      ? endAll(context)
      : endListed(context, 'killSessions'),
};

export const killAllSessions: Command = {
  name: 'killAllSessions',
  kind: 'control',
  fields: [],
  run: (context) => {
    if ((arrayArgument(context, 'killAllSessions')?.length ?? 0) > 0) {
      throw new CommandError(
        'CommandNotSupported',
        'this engine has no users whose sessions could be told apart',
      );
    }
    return endAll(context);
  },
};
