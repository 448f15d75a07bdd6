import { MarqueeError } from '@marquee/errors';
import type { JWK, JWTPayload } from 'jose';
import { createSigner, createVerifier, type Audience, type IssuedToken } from './signed-token.ts';
import type { TokenViewer } from './viewer.ts';

/**
 * A person's token for the graph. Long enough for an evening; a stolen one dies within the day, or as
 * soon as its session or its generation ends, wherever the account is looked at.
 */
export const USER_TOKEN_TTL_SECONDS = 12 * 60 * 60;

/** The viewer handed on by the gateway: it need only outlive one request, its retries included. */
export const HANDED_ON_TTL_SECONDS = 120;

export interface ViewerTokenSigner {
  sign(viewer: TokenViewer, nowMs: number): Promise<IssuedToken>;
}

export interface ViewerTokenVerifier {
  /** @throws UNAUTHENTICATED */
  verify(token: string, nowMs: number): Promise<TokenViewer & { readonly issuedAtMs: number }>;
}

const signerFor =
  (audience: Audience, ttlSeconds: number) =>
  (privateKey: JWK): ViewerTokenSigner => {
    const sign = createSigner(privateKey, { algorithm: 'EdDSA', audience, ttlSeconds });
    return { sign: (viewer, nowMs) => sign(viewer.handle, claimsOf(viewer), nowMs) };
  };

const verifierFor =
  (audience: Audience) =>
  (publicKey: JWK): ViewerTokenVerifier => {
    const verify = createVerifier(publicKey, { algorithm: 'EdDSA', audience });
    return { verify: async (token, nowMs) => toViewer(await verify(token, nowMs)) };
  };

// `sid` is OpenID Connect's name for it.
const claimsOf = ({ role, tokenGeneration = 0, sessionId }: TokenViewer): JWTPayload => ({
  role,
  gen: tokenGeneration,
  ...(sessionId === undefined ? {} : { sid: sessionId }),
});

const toViewer = (claims: JWTPayload & { sub: string }) => {
  if (claims.role !== 'USER' && claims.role !== 'ADMIN') throw new MarqueeError('UNAUTHENTICATED');
  const { gen: tokenGeneration = 0, sid: sessionId } = claims;
  if (typeof tokenGeneration !== 'number') throw new MarqueeError('UNAUTHENTICATED');
  return {
    handle: claims.sub,
    role: claims.role,
    tokenGeneration,
    ...(typeof sessionId === 'string' ? { sessionId } : {}),
    issuedAtMs: (claims.iat ?? 0) * 1000,
  } as const;
};

/** Only the users subgraph holds the private key of this one. */
export const createUserTokenSigner = signerFor('marquee:graph', USER_TOKEN_TTL_SECONDS);
export const createUserTokenVerifier = verifierFor('marquee:graph');

/** Only the gateway holds the private key of this one; subgraphs believe no other word on the viewer. */
export const createHandedOnSigner = signerFor('marquee:subgraph', HANDED_ON_TTL_SECONDS);
export const createHandedOnVerifier = verifierFor('marquee:subgraph');
