import { MarqueeError } from '@marquee/errors';
import {
  bearerToken,
  type TokenViewer,
  type ViewerTokenSigner,
  type ViewerTokenVerifier,
} from '@marquee/identity';

/** Sessions kept; the least recently renewed go first. Each is a few hundred bytes. */
const SESSIONS_MAX = 10_000;

/** A viewer is signed anew when less than this is left, so that none dies under way. */
const RENEW_BEFORE_MS = 60_000;

export interface ViewerSession {
  readonly viewer: TokenViewer;
  /** The viewer, signed for the subgraphs: the value of VIEWER_HEADER. */
  readonly handedOn: string;
}

interface KeptSession extends ViewerSession {
  readonly renewAtMs: number;
}

/**
 * Answers who sends a request, by its `authorization` header: undefined without one.
 *
 * @throws UNAUTHENTICATED for a header that is not a good token: a person whose session has ended
 * must hear of it, not be taken for nobody.
 */
export type ViewerSessions = (
  authorization: string | undefined,
) => Promise<ViewerSession | undefined>;

/** Verifies each token, and signs its viewer for the subgraphs, once a minute instead of each time. */
export const createViewerSessions = (options: {
  readonly verifier: ViewerTokenVerifier;
  readonly signer: ViewerTokenSigner;
  readonly now: () => number;
}): ViewerSessions => {
  const { verifier, signer, now } = options;
  const sessions = new Map<string, KeptSession>();

  const begin = async (token: string, nowMs: number): Promise<KeptSession> => {
    // With its generation and session: whether these still count, only the account's store can say.
    const { issuedAtMs: _issuedAtMs, ...viewer } = await verifier.verify(token, nowMs);
    const signed = await signer.sign(viewer, nowMs);
    const renewAtMs = Math.min(signed.expiresAtMs - RENEW_BEFORE_MS, expiryMsOf(token));
    return { viewer, handedOn: signed.token, renewAtMs };
  };

  return async (authorization) => {
    if (authorization === undefined) return undefined;
    const token = bearerToken(authorization);
    if (token === undefined) throw new MarqueeError('UNAUTHENTICATED');
    const nowMs = now();
    const kept = sessions.get(token);
    if (kept && nowMs < kept.renewAtMs) return kept;
    // Deleted first, so that a token that has run out leaves, and a renewed one moves to the end.
    sessions.delete(token);
    const session = await begin(token, nowMs);
    sessions.set(token, session);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= SESSIONS_MAX) break;
      sessions.delete(oldest);
    }
    return session;
  };
};

// Only of tokens that were verified: their payload is well-formed.
const expiryMsOf = (token: string): number => {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(payload) as { exp: number }).exp * 1000;
};
