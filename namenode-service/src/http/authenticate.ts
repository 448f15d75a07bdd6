import { MarqueeError } from '@marquee/errors';
import { bearerToken } from '@marquee/identity';

/** Who calls: a service of the deployment, or a person who is an admin. */
export type Caller =
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'admin'; readonly name: string };

/** What a person's token says. */
interface UserToken {
  readonly handle: string;
  readonly role: 'USER' | 'ADMIN';
  readonly issuedAtMs: number;
}

/**
 * A person's token is believed for this long after it was issued, whatever it says itself: nobody here can
 * ask whether its owner is still an admin, or has ended it. Long enough for an operator's errand.
 */
export const ADMIN_TOKEN_MAX_AGE_MS = 60 * 60_000;

export interface Credentials {
  /** @throws UNAUTHENTICATED */
  readonly verifyService: (token: string, nowMs: number) => Promise<string>;
  /** null: no key for people's tokens is configured. @throws UNAUTHENTICATED */
  readonly verifyUser: ((token: string, nowMs: number) => Promise<UserToken>) | null;
}

/** Tokens remembered as good; a deployment has a few dozen processes. */
const REMEMBERED_MAX_TOKENS = 1_000;

/** A good token is not verified again for this long: a look-up is cheaper than a signature. */
const REMEMBERED_MAX_MS = 10_000;

/**
 * Tells who calls by the header `authorization: Bearer …`, or throws UNAUTHENTICATED, or FORBIDDEN
 * for a person who is no admin. A token that expires, or grows too old, is accepted for ten seconds more at most.
 */
export const createAuthenticator = (
  credentials: Credentials,
  now: () => number,
): ((header: string | undefined) => Caller | Promise<Caller>) => {
  const remembered = new Map<string, { caller: Caller; untilMs: number }>();

  const verify = async (token: string, nowMs: number): Promise<Caller> => {
    try {
      return { kind: 'service', name: await credentials.verifyService(token, nowMs) };
    } catch (error) {
      if (credentials.verifyUser === null) throw error;
    }
    const { handle, role, issuedAtMs } = await credentials.verifyUser(token, nowMs);
    if (nowMs - issuedAtMs > ADMIN_TOKEN_MAX_AGE_MS) {
      const message = 'The token is too old for changes of the deployment: sign in again.';
      throw new MarqueeError('UNAUTHENTICATED', {}, { message });
    }
    if (role !== 'ADMIN') throw new MarqueeError('FORBIDDEN', { role });
    return { kind: 'admin', name: handle };
  };

  const verifyAndRemember = async (token: string, nowMs: number): Promise<Caller> => {
    const caller = await verify(token, nowMs);
    if (remembered.size >= REMEMBERED_MAX_TOKENS) remembered.clear();
    remembered.set(token, { caller, untilMs: nowMs + REMEMBERED_MAX_MS });
    return caller;
  };

  return (header) => {
    const token = bearerToken(header);
    if (token === undefined) throw new MarqueeError('UNAUTHENTICATED');
    const nowMs = now();
    const known = remembered.get(token);
    if (known !== undefined && known.untilMs > nowMs) return known.caller;
    return verifyAndRemember(token, nowMs);
  };
};

/** @throws FORBIDDEN for anybody but a person with the role */
export const requireAdmin = (caller: Caller): void => {
  if (caller.kind !== 'admin') throw new MarqueeError('FORBIDDEN', { caller: caller.kind });
};
