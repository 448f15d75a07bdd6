// The data plane's own project: the conformance of the clusters that walks and services run on.
import root from '../../jest.config.mjs';

const [{ testMatch, displayName, ...shared }] = root.projects;

export default {
  ...shared,
  displayName: 'protocol',
  rootDir: '../..',
  testMatch: ['<rootDir>/tests/protocol/**/*.test.ts'],
};
