import { ERROR_CODES } from '../command-error.ts';

const NAMES = new Map<number, string>(
  Object.entries(ERROR_CODES).map(([name, code]) => [code, name]),
);

/** Codes that only a fail point can name. */
const OTHERS: Record<number, string> = {
  7: 'HostNotFound',
  24: 'LockTimeout',
  63: 'StaleShardVersion',
  100: 'UnsatisfiableWriteConcern',
  133: 'FailedToSatisfyReadPreference',
  134: 'ReadConcernMajorityNotAvailableYet',
  150: 'StaleEpoch',
  234: 'RetryChangeStream',
  267: 'PreparedTransactionInProgress',
  317: 'ConnectionPoolExpired',
  322: 'APIVersionError',
  323: 'APIStrictError',
  391: 'ReauthenticationRequired',
  9001: 'SocketException',
  13388: 'StaleConfig',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
};

export const codeNameOf = (code: number): string =>
  NAMES.get(code) ?? OTHERS[code] ?? `Location${code.toString()}`;
