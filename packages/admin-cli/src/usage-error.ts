/** The command line asks for something that there is not. */
export class UsageError extends Error {
  readonly code = 'USAGE';
}

export const isUsageError = (error: unknown): error is UsageError =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'USAGE';
