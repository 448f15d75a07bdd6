export { bearerToken, VIEWER_HEADER } from './bearer.ts';
export { createKeyPair } from './key-pair.ts';
export {
  hashPassword,
  PASSWORD_MAX_LENGTH,
  PASSWORD_MIN_LENGTH,
  verifyPassword,
} from './password.ts';
export {
  createServiceTokenSource,
  createServiceTokenVerifier,
  SERVICE_TOKEN_TTL_SECONDS,
} from './service-token.ts';
export type { IssuedToken } from './signed-token.ts';
export type { Role, TokenViewer, Viewer } from './viewer.ts';
export {
  createHandedOnSigner,
  createHandedOnVerifier,
  createUserTokenSigner,
  createUserTokenVerifier,
  USER_TOKEN_TTL_SECONDS,
  type ViewerTokenSigner,
  type ViewerTokenVerifier,
} from './viewer-token.ts';
