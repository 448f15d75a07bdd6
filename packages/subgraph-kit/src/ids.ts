import { createHash } from 'node:crypto';
import { badArgument } from './arguments.ts';

/** Ids of films and people: short, printable, safe in URLs. */
const ENTITY_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Handles: what a user's id is made of; they never change. */
const HANDLE = /^[a-z0-9][a-z0-9._-]{1,29}$/;

export const HANDLE_EXPECTED =
  '2 to 30 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit';

export const isEntityId = (id: unknown): id is string =>
  typeof id === 'string' && ENTITY_ID.test(id);

export const isHandle = (id: unknown): id is string => typeof id === 'string' && HANDLE.test(id);

/** A handle as people type it: case and space around it do not matter. */
export const normaliseHandle = (typed: string): string => typed.trim().toLowerCase();

/** The id of a film or a person in the argument of that name. @throws BAD_USER_INPUT */
export const entityIdArgument = (argument: string, id: string): string => {
  if (isEntityId(id)) return id;
  throw badArgument(argument, '1 to 64 of A-Z, a-z, 0-9, "_" and "-"');
};

/** The handle in the argument of that name. @throws BAD_USER_INPUT */
export const handleArgument = (argument: string, id: string): string => {
  if (isHandle(id)) return id;
  throw badArgument(argument, HANDLE_EXPECTED);
};

/**
 * The id of what an operation creates. The same operation id gives the same id, so a retry meets the
 * slot, and the record, of the first attempt; 126 bits of it are random to everyone else.
 */
export const derivedId = (prefix: string, operationId: string): string => {
  const digest = createHash('sha256').update(`${prefix}\0${operationId}`).digest('base64url');
  return `${prefix}_${digest.slice(0, 21)}`;
};
