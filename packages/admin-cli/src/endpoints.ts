import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from './usage-error.ts';

const EndpointsFile = z.object({
  gateway: z.url(),
  nameNodes: z.array(z.url()).min(1),
  logins: z.array(
    z.object({ handle: z.string(), password: z.string(), role: z.enum(['USER', 'ADMIN']) }),
  ),
});

/** Where `npm start` has put everything, and with which demo logins. */
export type Endpoints = z.output<typeof EndpointsFile>;

/** @throws USAGE if there is no such file: nothing was started there */
export const readEndpoints = async (dataDir: string): Promise<Endpoints> => {
  const path = join(dataDir, 'endpoints.json');
  try {
    return EndpointsFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const message = `${path} cannot be read: is Marquee running there? Else give --url and a token.`;
    throw new UsageError(message, { cause });
  }
};
