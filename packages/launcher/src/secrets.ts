import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyPair } from '@marquee/identity';

/** Paths of the deployment's keys; each service is given only those that it needs. */
export interface Secrets {
  readonly serviceSecret: string;
  readonly userTokenPrivateKey: string;
  readonly userTokenPublicKey: string;
  readonly viewerPrivateKey: string;
  readonly viewerPublicKey: string;
}

/** Makes the keys of a new deployment, once; files of mode 0600 in a folder of mode 0700. */
export const ensureSecrets = async (dataDir: string): Promise<Secrets> => {
  const folder = join(dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (name: string) => join(folder, name);
  const secrets: Secrets = {
    serviceSecret: path('service.secret'),
    userTokenPrivateKey: path('user-token.private.jwk'),
    userTokenPublicKey: path('user-token.public.jwk'),
    viewerPrivateKey: path('viewer.private.jwk'),
    viewerPublicKey: path('viewer.public.jwk'),
  };
  writeOnce(secrets.serviceSecret, () => randomBytes(48).toString('base64url'));
  await writePairOnce(secrets.userTokenPrivateKey, secrets.userTokenPublicKey);
  await writePairOnce(secrets.viewerPrivateKey, secrets.viewerPublicKey);
  return secrets;
};

const write = (path: string, content: string): void =>
  writeFileSync(path, `${content}\n`, { mode: 0o600 });

const writeOnce = (path: string, content: () => string): void => {
  if (!existsSync(path)) write(path, content());
};

const writePairOnce = async (privatePath: string, publicPath: string): Promise<void> => {
  if (existsSync(privatePath) && existsSync(publicPath)) return;
  const { privateKey, publicKey } = await createKeyPair();
  write(privatePath, JSON.stringify(privateKey));
  write(publicPath, JSON.stringify(publicKey));
};
