import { readFile } from 'node:fs/promises';

export interface Login {
  readonly handle: string;
  readonly password: string;
  readonly role: 'USER' | 'ADMIN';
}

export interface SystemUnderTest {
  readonly gateway: string;
  readonly user: string;
  readonly admin: string;
  readonly logins: readonly Login[];
  close(): Promise<void>;
}

export const openSystem = async (): Promise<SystemUnderTest> => {
  const file = process.env['MARQUEE_ENDPOINTS'];
  if (file === undefined) throw new Error('MARQUEE_ENDPOINTS');
  const endpoints = JSON.parse(await readFile(file, 'utf8')) as SystemUnderTest;
  return { ...endpoints, close: async () => undefined };
};
