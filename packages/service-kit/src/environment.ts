import { readFileSync } from 'node:fs';
import { MarqueeError } from '@marquee/errors';
import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses a service's environment once, at its start, and freezes what comes out.
 *
 * @throws CONFIGURATION_INVALID, whose message names each variable that is wrong and what was
 * expected, and never repeats a value: it may be a secret.
 */
export const parseEnvironment = <Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): Readonly<z.output<Schema>> => {
  // A variable that is set but empty, as `.env` files leave them, counts as absent.
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(present);
  if (parsed.success) return Object.freeze(parsed.data);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new MarqueeError('CONFIGURATION_INVALID', { problems }, { message: problems.join('; ') });
};

const integer = (minimum: number, maximum: number) =>
  z.coerce
    .number(`expected a whole number from ${String(minimum)} to ${String(maximum)}`)
    .int()
    .min(minimum)
    .max(maximum);

/** The variables that every service understands; a service's own schema extends this one. */
export const ServiceEnvironment = z.object({
  HOST: z.string().default('127.0.0.1'),
  /** 0 takes a free port; the line `listening` in the log says which. */
  PORT: integer(0, 65_535).default(0),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  INSTANCE_NAME: z.string().max(64).optional(),
});

/** A number of milliseconds in the environment, with its bounds said in the error. */
export const milliseconds = (minimumMs: number, maximumMs: number) => integer(minimumMs, maximumMs);

/** Comma-separated http(s) URLs, without a trailing slash. */
export const urlList = z
  .string()
  .transform((text) => text.split(',').map((url) => url.trim().replace(/\/$/, '')))
  .pipe(
    z
      .array(z.url({ protocol: /^https?$/, error: 'expected http(s) URLs, separated by commas' }))
      .min(1),
  );

/** The content of the file that a variable names; the secret is not in the environment itself. */
export const secretFile = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    context.addIssue({ code: 'custom', message: 'expected the path of a file that can be read' });
    return z.NEVER;
  }
});

/** A file that holds a JSON Web Key. */
export const jwkFile = secretFile.transform(
  (text, context): { kty: string; [name: string]: unknown } => {
    const parsed = z.looseObject({ kty: z.string() }).safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: 'expected a file that holds a JSON Web Key' });
    return z.NEVER;
  },
);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
