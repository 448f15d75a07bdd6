import { fileURLToPath } from 'node:url';
import root from '../../jest.config.mjs';

// The settings of the root's projects, for a suite that `npm test` does not run.
const { transform, transformIgnorePatterns, testEnvironmentOptions, modulePathIgnorePatterns } =
  root.projects[0];

export default {
  rootDir: fileURLToPath(new URL('../..', import.meta.url)),
  transform,
  transformIgnorePatterns,
  testEnvironmentOptions,
  modulePathIgnorePatterns,
  testTimeout: 120_000,
  testMatch: ['<rootDir>/tests/conformance/**/*.test.ts'],
};
