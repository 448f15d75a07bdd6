/** An aborted request has nobody left to tell; anything else that is thrown is a bug to be seen. */
export const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError';
