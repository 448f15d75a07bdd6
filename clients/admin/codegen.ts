import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../../gateway/api.graphql',
  documents: 'src/queries/*.graphql',
  generates: {
    'src/generated/': {
      preset: 'client',
      // Documents are imported by name from graphql.ts, so only those in use reach the bundle.
      presetConfig: { fragmentMasking: false, skipIndexFile: true },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumType: 'string-literal',
        strictScalars: true,
        scalars: { Date: 'string', DateTime: 'string', EmailAddress: 'string', URL: 'string' },
      },
    },
  },
};

export default config;
