import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from '@marquee/identity';
import {
  checkInput,
  givenFields,
  HANDLE_EXPECTED,
  isHandle,
  line,
  normaliseHandle,
  type Checked,
} from '@marquee/subgraph-kit';
import { userContent, type UserContent } from '@marquee/subgraph-kit/documents';
import { z } from 'zod';
import { everybodySignedOut } from './sessions/ended-sessions.ts';

/** Longest address that mail servers accept. */
const EMAIL_MAX_LENGTH = 254;

const displayName = line(1, 100);
const role = z.enum(['USER', 'ADMIN']);

const passwordExpected = `expected ${PASSWORD_MIN_LENGTH} to ${PASSWORD_MAX_LENGTH} characters`;
const password = z
  .string()
  .min(PASSWORD_MIN_LENGTH, passwordExpected)
  .max(PASSWORD_MAX_LENGTH, passwordExpected);

const email = z
  .string()
  .max(EMAIL_MAX_LENGTH, `expected at most ${EMAIL_MAX_LENGTH} characters`)
  .nullish();

const Create = z.object({
  handle: z.string().transform(normaliseHandle).refine(isHandle, `expected ${HANDLE_EXPECTED}`),
  displayName,
  email,
  role: role.nullish(),
  password: password.nullish(),
});

const Update = z.object({
  displayName: displayName.optional(),
  email,
  role: z.enum(['USER', 'ADMIN'], 'expected a role: it cannot be emptied').optional(),
  password: password.nullish(),
});

const SignUp = z.object({
  handle: Create.shape.handle,
  displayName,
  email,
  password,
});

const Profile = z.object({ displayName: displayName.optional(), email });

export type NewUser = z.output<typeof Create>;
export type UserChanges = z.output<typeof Update>;

export const newUser = (input: unknown): Checked<NewUser> => checkInput(Create, input);

/** `UpdateUserInput`: a field left out stays, null empties. */
export const userChanges = (input: unknown): Checked<UserChanges> => checkInput(Update, input);

export const signUp = (input: unknown): Checked<z.output<typeof SignUp>> =>
  checkInput(SignUp, input);

/** `UpdateProfileInput`: a field left out stays, null empties. */
export const profileChanges = (input: unknown): Checked<z.output<typeof Profile>> =>
  checkInput(Profile, input);

/** The password that somebody chose for themselves, in the argument of this name. */
export const chosenPassword = (argument: string, given: string): Checked<string> =>
  checkInput(password, given, argument);

/** The content of a user after these changes; `passwordHash` as `changedHash` answered it. */
export const changedUser = (
  current: UserContent & { readonly _id: string },
  { displayName: newName, email: newEmail, role: newRole }: Omit<UserChanges, 'password'>,
  passwordHash: string | null | undefined,
): UserContent =>
  userContent({
    ...current,
    ...(passwordHash === undefined ? {} : everybodySignedOut(current)),
    ...givenFields({ email: newEmail, passwordHash }),
    handle: current._id,
    displayName: newName ?? current.displayName,
    role: newRole ?? current.role,
  });

/**
 * An input as it may be hashed into the operation's record: that a password is there, not which one.
 * Under one operation id, two passwords are therefore the same request.
 */
export const withoutPassword = (input: unknown): unknown => {
  const { password: given, ...others } = input as { readonly password?: string | null };
  if (given === undefined) return others;
  return { ...others, password: given === null ? 'taken away' : 'given' };
};
