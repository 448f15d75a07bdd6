import { MarqueeError } from '@marquee/errors';
import type { JWK, JWTPayload } from 'jose';
import { createSigner, createVerifier, type Audience, type IssuedToken } from './signed-token.ts';
import type { Viewer } from './viewer.ts';

/** A person's token for the graph. Long enough for an evening; a stolen one dies within the day. */
export const USER_TOKEN_TTL_SECONDS = 12 * 60 * 60;

/** The viewer handed on by the gateway: it need only outlive one request, its retries included. */
export const HANDED_ON_TTL_SECONDS = 120;

export interface ViewerTokenSigner {
  sign(viewer: Viewer, nowMs: number): Promise<IssuedToken>;
}

export interface ViewerTokenVerifier {
  /** @throws UNAUTHENTICATED */
  verify(token: string, nowMs: number): Promise<Viewer & { readonly issuedAtMs: number }>;
}

const signerFor =
  (audience: Audience, ttlSeconds: number) =>
  (privateKey: JWK): ViewerTokenSigner => {
    const sign = createSigner(privateKey, { algorithm: 'EdDSA', audience, ttlSeconds });
    return { sign: (viewer, nowMs) => sign(viewer.handle, { role: viewer.role }, nowMs) };
  };

const verifierFor =
  (audience: Audience) =>
  (publicKey: JWK): ViewerTokenVerifier => {
    const verify = createVerifier(publicKey, { algorithm: 'EdDSA', audience });
    return { verify: async (token, nowMs) => toViewer(await verify(token, nowMs)) };
  };

const toViewer = (claims: JWTPayload & { sub: string }) => {
  if (claims.role !== 'USER' && claims.role !== 'ADMIN') throw new MarqueeError('UNAUTHENTICATED');
  return { handle: claims.sub, role: claims.role, issuedAtMs: (claims.iat ?? 0) * 1000 } as const;
};

/** Only the users subgraph holds the private key of this one. */
export const createUserTokenSigner = signerFor('marquee:graph', USER_TOKEN_TTL_SECONDS);
export const createUserTokenVerifier = verifierFor('marquee:graph');

/** Only the gateway holds the private key of this one; subgraphs believe no other word on the viewer. */
export const createHandedOnSigner = signerFor('marquee:subgraph', HANDED_ON_TTL_SECONDS);
export const createHandedOnVerifier = verifierFor('marquee:subgraph');
