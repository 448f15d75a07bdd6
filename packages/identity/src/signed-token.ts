import { MarqueeError } from '@marquee/errors';
import { importJWK, jwtVerify, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

/** Every token of Marquee names its issuer and exactly one audience, so that none serves elsewhere. */
export type Audience = 'marquee:graph' | 'marquee:refresh' | 'marquee:subgraph' | 'marquee:service';

const ISSUER = 'marquee';

/** Clocks of the machines of one deployment may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 5;

export interface TokenTerms {
  readonly algorithm: 'EdDSA' | 'HS256';
  readonly audience: Audience;
  readonly ttlSeconds: number;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

type Key = CryptoKey | Uint8Array;

const cachedImport = (jwk: JWK, algorithm: string): (() => Promise<Key>) => {
  let key: Promise<Key> | undefined;
  return () => (key ??= importJWK(jwk, algorithm));
};

/** Signs claims about a subject; the clock is passed in with each call, in Unix milliseconds. */
export const createSigner = (jwk: JWK, terms: TokenTerms) => {
  const key = cachedImport(jwk, terms.algorithm);
  return async (subject: string, claims: JWTPayload, nowMs: number): Promise<IssuedToken> => {
    const issuedAt = Math.floor(nowMs / 1000);
    const expiresAt = issuedAt + terms.ttlSeconds;
    const token = await new SignJWT(claims)
      .setProtectedHeader({
        alg: terms.algorithm,
        typ: 'JWT',
        ...(jwk.kid ? { kid: jwk.kid } : {}),
      })
      .setIssuer(ISSUER)
      .setAudience(terms.audience)
      .setSubject(subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(await key());
    return { token, expiresAtMs: expiresAt * 1000 };
  };
};

/**
 * Verifies signature, algorithm, issuer, audience and lifetime, and answers the claims.
 *
 * @throws UNAUTHENTICATED for any token that is not exactly what this verifier expects.
 */
export const createVerifier = (jwk: JWK, terms: Omit<TokenTerms, 'ttlSeconds'>) => {
  const key = cachedImport(jwk, terms.algorithm);
  return async (token: string, nowMs: number): Promise<JWTPayload & { sub: string }> => {
    try {
      const { payload } = await jwtVerify(token, await key(), {
        algorithms: [terms.algorithm],
        issuer: ISSUER,
        audience: terms.audience,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(nowMs),
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      return { ...payload, sub: String(payload.sub) };
    } catch (cause) {
      throw new MarqueeError('UNAUTHENTICATED', {}, { cause });
    }
  };
};
