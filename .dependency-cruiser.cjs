// Who may import whom (ARCHITECTURE.md). A rule's comment is what a person reads when it is broken.
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const room = (...names) => `^(${names.join('|')})/`;
const SERVICES = room('gateway', 'namenode-service', 'subgraphs', 'clients');
const TESTS = '(\\.test\\.tsx?$|/test/|^tests/)';

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'Modules that need each other to run are one module in two files. (Types may name each other.)',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'packages-import-no-service',
      'Services are built from packages, never the other way round.',
      { path: '^packages/', pathNot: TESTS },
      { path: SERVICES },
    ),
    rule(
      'subgraphs-are-strangers',
      'Subgraphs meet in the graph only: an entity reference, not an import.',
      { path: '^subgraphs/([^/]+)/' },
      { path: '^subgraphs/', pathNot: '^subgraphs/$1/' },
    ),
    rule(
      'services-are-strangers',
      'Services speak HTTP to each other.',
      { path: '^(gateway|namenode-service|subgraphs|clients)/', pathNot: TESTS },
      { path: SERVICES, pathNot: '^$1/' },
    ),
    rule(
      'gateway-knows-no-data',
      'The gateway imports no MongoDB, router or subgraph code.',
      { path: '^gateway/src', pathNot: TESTS },
      {
        path: '(^packages/(slot-protocol|shard-router|namenode-client|subgraph-kit|topology|embedded-cluster)/|node_modules/(mongodb|bson)/)',
      },
    ),
    rule(
      'errors-is-the-ground',
      'errors imports nothing of the house.',
      { path: '^packages/errors/' },
      { path: room('packages/(?!errors)[^/]+', 'gateway', 'namenode-service', 'subgraphs') },
    ),
    rule(
      'topology-is-pure',
      'topology: values and pure functions on errors alone.',
      { path: '^packages/topology/src', pathNot: TESTS },
      { path: '^packages/(?!topology/|errors/)' },
    ),
    rule(
      'service-kit-on-errors-only',
      'service-kit is under every service and knows none of their matters.',
      { path: '^packages/service-kit/', pathNot: TESTS },
      { path: '^packages/(?!service-kit/|errors/)' },
    ),
    rule(
      'slot-protocol-on-topology',
      'slot-protocol stands on topology and errors.',
      { path: '^packages/slot-protocol/src', pathNot: TESTS },
      { path: '^packages/(?!slot-protocol/|topology/|errors/)' },
    ),
    rule(
      'namenode-client-on-topology',
      'namenode-client stands on topology and errors.',
      { path: '^packages/namenode-client/src', pathNot: TESTS },
      { path: '^packages/(?!namenode-client/|topology/|errors/)' },
    ),
    rule(
      'shard-router-on-protocol-and-client',
      'shard-router stands on slot-protocol, namenode-client, topology and errors.',
      { path: '^packages/shard-router/src', pathNot: TESTS },
      { path: '^packages/(?!shard-router/|slot-protocol/|namenode-client/|topology/|errors/)' },
    ),
    rule(
      'embedded-cluster-stands-alone',
      'The engine knows nothing of Marquee: it is a MongoDB, and could be replaced by one.',
      { path: '^packages/embedded-cluster/', pathNot: TESTS },
      { path: '^(packages/(?!embedded-cluster/)|gateway|namenode-service|subgraphs|clients)' },
    ),
    rule(
      'no-mongodb-in-resolvers',
      'Resolvers ask data sources; only the router and the protocol speak to clusters.',
      { path: '^subgraphs/[^/]+/src', pathNot: TESTS },
      { path: '(node_modules/mongodb/|^packages/slot-protocol/)' },
    ),
    rule(
      'test-kit-is-for-tests',
      'Only tests import test-kit.',
      {
        path: '^(packages|gateway|namenode-service|subgraphs|clients)/',
        pathNot: `${TESTS}|^packages/test-kit/`,
      },
      { path: '^packages/test-kit/' },
    ),
    rule(
      'declared-dependencies-only',
      'A package imports what its package.json names.',
      {
        path: '^(packages|gateway|namenode-service|subgraphs|clients)/',
        pathNot: `${TESTS}|vite\\.config`,
      },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: '^(?!node_modules/).*/(dist|generated)/',
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
    },
  },
};
