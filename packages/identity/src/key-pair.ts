import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** A new Ed25519 pair as JWKs; the private one is a secret, to be kept in a file of mode 0600. */
export const createKeyPair = async (): Promise<{ privateKey: JWK; publicKey: JWK }> => {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return {
    privateKey: await exportJWK(pair.privateKey),
    publicKey: await exportJWK(pair.publicKey),
  };
};
