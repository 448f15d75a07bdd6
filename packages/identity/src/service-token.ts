import type { JWK } from 'jose';
import { createSigner, createVerifier, type IssuedToken } from './signed-token.ts';

/** A service's token lives this long; it is renewed well before. */
export const SERVICE_TOKEN_TTL_SECONDS = 10 * 60;

/** Renewed when this little is left, so that none dies under way. */
const RENEW_BEFORE_MS = 60_000;

const secretToJwk = (secret: string): JWK => ({
  kty: 'oct',
  k: Buffer.from(secret, 'utf8').toString('base64url'),
});

/**
 * The credential that services show each other, signed with the deployment's shared secret; the
 * secret itself is never sent. `current` answers one that is good for at least a minute more.
 */
export const createServiceTokenSource = (options: {
  readonly secret: string;
  readonly service: string;
  readonly now: () => number;
}): { current(): Promise<string> } => {
  const sign = createSigner(secretToJwk(options.secret), {
    algorithm: 'HS256',
    audience: 'marquee:service',
    ttlSeconds: SERVICE_TOKEN_TTL_SECONDS,
  });
  let issued: Promise<IssuedToken> | undefined;
  let renewAtMs = 0;
  return {
    current: async () => {
      const nowMs = options.now();
      if (issued === undefined || nowMs >= renewAtMs) {
        issued = sign(options.service, {}, nowMs);
        renewAtMs = nowMs + SERVICE_TOKEN_TTL_SECONDS * 1000 - RENEW_BEFORE_MS;
      }
      return (await issued).token;
    },
  };
};

/** Answers the name of the service that a token belongs to. @throws UNAUTHENTICATED */
export const createServiceTokenVerifier = (
  secret: string,
): ((token: string, nowMs: number) => Promise<string>) => {
  const verify = createVerifier(secretToJwk(secret), {
    algorithm: 'HS256',
    audience: 'marquee:service',
  });
  return async (token, nowMs) => (await verify(token, nowMs)).sub;
};
