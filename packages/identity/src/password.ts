import { hash, verify } from '@node-rs/argon2';

/** Limits of a password, in characters; the upper one bounds the work of hashing. */
export const PASSWORD_MIN_LENGTH = 10;
export const PASSWORD_MAX_LENGTH = 256;

/** OWASP's recommended argon2id setting of 19 MiB, two passes, one lane. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** An argon2id hash in PHC form with a random salt: what `users` keeps of a password. */
export const hashPassword = (password: string): Promise<string> => hash(password, ARGON2);

// Of no password: compared with where there is no user, so that timing does not tell them apart.
let decoy: Promise<string> | undefined;

/**
 * Whether `password` is the one behind `stored`. Takes as long where there is no stored hash, so
 * that an answer does not tell which handles exist.
 */
export const verifyPassword = async (
  stored: string | undefined,
  password: string,
): Promise<boolean> => {
  if (password.length > PASSWORD_MAX_LENGTH) return false;
  decoy ??= hashPassword('no password is this long'.repeat(8));
  const matches = await verify(stored ?? (await decoy), password);
  return matches && stored !== undefined;
};
