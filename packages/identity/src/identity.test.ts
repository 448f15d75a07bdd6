import {
  createHandedOnSigner,
  createHandedOnVerifier,
  createKeyPair,
  createServiceTokenSource,
  createServiceTokenVerifier,
  createUserTokenSigner,
  createUserTokenVerifier,
  hashPassword,
  SERVICE_TOKEN_TTL_SECONDS,
  USER_TOKEN_TTL_SECONDS,
  verifyPassword,
} from './index.ts';

const nowMs = 1_700_000_000_000;
const alice = { handle: 'alice', role: 'USER' } as const;
const unauthenticated = expect.objectContaining({ code: 'UNAUTHENTICATED' });

describe('user tokens', () => {
  it('carry handle and role, until they expire', async () => {
    const { privateKey, publicKey } = await createKeyPair();
    const { token, expiresAtMs } = await createUserTokenSigner(privateKey).sign(alice, nowMs);
    const verifier = createUserTokenVerifier(publicKey);
    expect(await verifier.verify(token, nowMs)).toMatchObject(alice);
    expect(expiresAtMs).toBe(nowMs + USER_TOKEN_TTL_SECONDS * 1000);
    await expect(verifier.verify(token, expiresAtMs + 6_000)).rejects.toEqual(unauthenticated);
  });

  it('carry what may end them before their time', async () => {
    const { privateKey, publicKey } = await createKeyPair();
    const viewer = { ...alice, tokenGeneration: 3, sessionId: 'abc' };
    const { token } = await createUserTokenSigner(privateKey).sign(viewer, nowMs);
    expect(await createUserTokenVerifier(publicKey).verify(token, nowMs)).toMatchObject(viewer);
    const plain = await createUserTokenSigner(privateKey).sign(alice, nowMs);
    expect(await createUserTokenVerifier(publicKey).verify(plain.token, nowMs)).toMatchObject({
      tokenGeneration: 0,
    });
  });

  it('are refused from another key, without signature, or changed', async () => {
    const { privateKey, publicKey } = await createKeyPair();
    const other = await createKeyPair();
    const verifier = createUserTokenVerifier(publicKey);
    const foreign = await createUserTokenSigner(other.privateKey).sign(alice, nowMs);
    const { token } = await createUserTokenSigner(privateKey).sign(alice, nowMs);
    const [header, , signature] = token.split('.');
    const forged = Buffer.from(
      JSON.stringify({
        iss: 'marquee',
        aud: 'marquee:graph',
        sub: 'alice',
        role: 'ADMIN',
        iat: 1,
        exp: 9e9,
      }),
    ).toString('base64url');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const bad of [
      foreign.token,
      `${String(header)}.${forged}.${String(signature)}`,
      `${none}.${forged}.`,
      '',
      'x',
    ]) {
      await expect(verifier.verify(bad, nowMs)).rejects.toEqual(unauthenticated);
    }
  });

  it('do not serve as a handed-on viewer, nor the other way round, even under one key', async () => {
    const { privateKey, publicKey } = await createKeyPair();
    const user = await createUserTokenSigner(privateKey).sign(alice, nowMs);
    const handedOn = await createHandedOnSigner(privateKey).sign(alice, nowMs);
    await expect(createHandedOnVerifier(publicKey).verify(user.token, nowMs)).rejects.toEqual(
      unauthenticated,
    );
    await expect(createUserTokenVerifier(publicKey).verify(handedOn.token, nowMs)).rejects.toEqual(
      unauthenticated,
    );
  });
});

describe('service tokens', () => {
  it('are renewed before they die and name their service', async () => {
    let clockMs = nowMs;
    const source = createServiceTokenSource({
      secret: 's3cret',
      service: 'movies',
      now: () => clockMs,
    });
    const first = await source.current();
    expect(await source.current()).toBe(first);
    clockMs += SERVICE_TOKEN_TTL_SECONDS * 1000 - 30_000;
    const second = await source.current();
    expect(second).not.toBe(first);
    expect(await createServiceTokenVerifier('s3cret')(second, clockMs)).toBe('movies');
    await expect(createServiceTokenVerifier('other')(second, clockMs)).rejects.toEqual(
      unauthenticated,
    );
  });
});

describe('passwords', () => {
  it('match only their own hash, and never an absent one', async () => {
    const stored = await hashPassword('correct horse');
    expect(stored).toMatch(/^\$argon2id\$/);
    expect(await verifyPassword(stored, 'correct horse')).toBe(true);
    expect(await verifyPassword(stored, 'Correct horse')).toBe(false);
    expect(await verifyPassword(undefined, 'no password is this long'.repeat(8))).toBe(false);
  });
});
