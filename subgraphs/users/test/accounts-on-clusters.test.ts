import { createKeyPair } from '@marquee/identity';
import { createLogger } from '@marquee/service-kit';
import { createShardRouter, type ShardRouter } from '@marquee/shard-router';
import { readDeadline } from '@marquee/subgraph-kit';
import {
  interactionDocument,
  movieDocument,
  summaryDocument,
} from '@marquee/subgraph-kit/documents';
import { loadDocuments, startTestSubgraph, type TestSubgraph } from '@marquee/subgraph-kit/testing';
import { startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { createErasures } from '../src/accounts/erasures.ts';
import { createUsersSubgraph } from '../src/subgraph.ts';

jest.setTimeout(60_000);

const FILMS = Array.from({ length: 12 }, (_, i) => `film${i}`);
const SESSION = 'session { token refreshToken viewer { id } }';

describe('an account on four clusters', () => {
  let deployment: TestDeployment;
  let router: ShardRouter;
  let subgraph: TestSubgraph;

  beforeAll(async () => {
    deployment = await startTestDeployment();
    router = createShardRouter({
      nameNodeClient: deployment.nameNode,
      addresses: deployment.addresses,
      logger: createLogger({ service: 'test', level: 'silent' }),
    });
    await loadDocuments(router, { movies: FILMS.map((id) => movieDocument({ id, title: id })) });
    const { privateKey } = await createKeyPair();
    subgraph = await startTestSubgraph(
      createUsersSubgraph({
        tokenPrivateKey: privateKey,
        erasures: createErasures({ sweepEveryMs: 50, settleMs: 0 }),
      }),
      { router, newReadDeadline: () => readDeadline(30_000, () => performance.now()) },
    );
  }, 180_000);
  afterAll(async () => {
    await subgraph.close();
    await router.close();
    await deployment.close();
  });

  it('lives and leaves: signs up, stays, reacts, goes, and every reaction with it', async () => {
    const password = 'correct horse battery';
    const input = { handle: 'grace', displayName: 'Grace', email: 'grace@example.org', password };
    const joined = await subgraph.ask(
      `mutation ($input: SignUpInput!) { signUp(input: $input) { ... on SignedUp { ${SESSION} } } }`,
      { variables: { input } },
    );
    expect(joined.errors).toEqual([]);
    const { refreshToken } = joined.result.session;
    const refreshed = await subgraph.ask(
      'mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { refreshToken viewer { email } } }',
      { variables: { refreshToken } },
    );
    expect(refreshed.result).toEqual({
      refreshToken: expect.any(String),
      viewer: { email: 'grace@example.org' },
    });

    await loadDocuments(router, {
      user_interactions: FILMS.flatMap((movieId, i) => [
        interactionDocument({ movieId, handle: 'grace', reaction: 'LIKE', createdAt: new Date(i) }),
        summaryDocument(movieId, { likeCount: 3, dislikeCount: 0 }),
      ]),
    });
    const gone = await subgraph.ask(
      `mutation { deleteAccount(password: "${password}") { __typename } }`,
      {
        viewer: { handle: 'grace', role: 'USER' },
      },
    );
    expect(gone.result).toEqual({ __typename: 'AccountDeleted' });

    const erasureState = async () => {
      const options = { includeDeleted: true } as const;
      const [account] = await router.findByIds('users', ['grace'], options);
      return (account as unknown as { erasure: { state: string } }).erasure.state;
    };
    while ((await erasureState()) !== 'done')
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const cluster of deployment.map.shards.flatMap(({ owner, replicas }) => [
      owner,
      ...replicas.map((r) => r.cluster),
    ])) {
      const main = deployment.mongo(cluster).db('marquee');
      const interactions = main.collection('user_interactions');
      expect(await interactions.countDocuments({ handle: 'grace', deleted: false })).toBe(0);
      expect(await interactions.countDocuments({ kind: 'summary', likeCount: { $ne: 2 } })).toBe(0);
      expect(await main.collection('users').countDocuments({ email: { $exists: true } })).toBe(0);
    }
  });
});
