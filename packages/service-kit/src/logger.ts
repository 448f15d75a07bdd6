import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Fields whose values never reach a log, at any depth that our own objects have. */
const REDACTED = ['authorization', 'password', 'token', 'secret', 'uri', 'passwordHash', 'cookie'];

// Errors of drivers quote the address they failed to reach, credentials included.
const withoutCredentials = (text: string): string =>
  text.replace(/(mongodb(?:\+srv)?:\/\/)[^@/\s]*@/g, '$1***@');

/** JSON lines on standard output; the launcher makes them readable for people. */
export const createLogger = (options: { service: string; level: string }): Logger =>
  pino({
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '***',
    },
    hooks: {
      streamWrite: withoutCredentials,
    },
  });
