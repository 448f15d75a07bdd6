import { existsSync } from 'node:fs';

const WHERE = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/**
 * The Chromium to test with: the one that CHROMIUM_PATH names, or the system's. A path that names
 * nothing is an error; none at all is not, the tests are then left out.
 */
export const findChromium = (env: NodeJS.ProcessEnv): string | undefined => {
  const wanted = env['CHROMIUM_PATH'];
  if (wanted === undefined || wanted === '') return WHERE.find((path) => existsSync(path));
  if (!existsSync(wanted)) throw new Error(`CHROMIUM_PATH: there is no file ${wanted}.`);
  return wanted;
};
