// Jest compiles to CommonJS with swc; packages resolve to their TypeScript source, so no build is needed.
const shared = {
  transform: {
    '^.+\\.[cm]?[jt]sx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
          target: 'es2023',
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(jose|graphql-scalars)/)'],
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/'],
};

export default {
  // Two cores: more workers only fight each other.
  maxWorkers: 2,
  // A suite that hangs names itself instead of eating the CI's time.
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{packages,subgraphs,clients}/*/src/**/*.test.{ts,tsx}',
        '<rootDir>/{gateway,namenode-service}/src/**/*.test.ts',
        '<rootDir>/tests/{faults,load}/**/*.test.ts',
      ],
    },
    {
      ...shared,
      displayName: 'service',
      testMatch: [
        '<rootDir>/{packages,subgraphs}/*/test/**/*.test.ts',
        '<rootDir>/{gateway,namenode-service}/test/**/*.test.ts',
      ],
    },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/tests/e2e/**/*.test.ts'] },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/tests/browser/**/*.test.ts'] },
  ],
};
