import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from './exit-code.ts';
import type { FetchLike } from './fetch-like.ts';
import { runAdmin } from './run-admin.ts';

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly headers: Record<string, string>;
}

/** Runs a command against a NameNode that answers as `answer` says. */
const run = async (
  argv: readonly string[],
  answer: (sent: Sent) => unknown = () => ({}),
  environment = {
    token: 'token' as string | undefined,
    urls: 'http://one,http://two',
    dataDir: '',
  },
) => {
  const sent: Sent[] = [];
  const out: string[] = [];
  const errors: string[] = [];
  const fetch: FetchLike = async (url, { method, headers, body }) => {
    const request = { method, url, headers, body: body === undefined ? null : JSON.parse(body) };
    sent.push(request);
    const value = answer(request);
    const status = (value as { status?: unknown } | null)?.status;
    return {
      status: typeof status === 'number' ? status : 200,
      text: () => Promise.resolve(JSON.stringify(value)),
    };
  };
  const code = await runAdmin({
    argv,
    environment,
    fetch,
    writeOut: (line) => out.push(line),
    writeError: (line) => errors.push(line),
    sleep: () => Promise.resolve(),
    randomId: () => 'random-id',
  });
  return { code, sent, out: out.join('\n'), errors: errors.join('\n') };
};

const shards = (health: string, safeMode: string | null = 'over') => ({
  version: 7,
  leader: 'namenode',
  automation: 'active',
  shards: [
    {
      name: 'a',
      owner: 'shard-a',
      slots: 512,
      strongReadsOnly: false,
      safeMode,
      busyWith: null,
      members: [
        { cluster: 'shard-a', status: 'in-sync', health: 'healthy', lag: 0 },
        { cluster: 'replica-a', status: 'in-sync', health, lag: 3 },
      ],
    },
  ],
});

const operation = (ended: boolean, status: string) => ({
  id: 'op-1',
  plan: { kind: 'planned-failover', shard: 'a', to: 'replica-a' },
  status,
  by: 'admin',
  why: 'test',
  orderedAtMs: 1_000,
  endedAtMs: ended ? 3_500 : null,
  outcome: null,
  steps: [],
});

describe('npm run admin --', () => {
  it('status shows who owns what, and its exit code whether all is well', async () => {
    const well = await run(['status'], () => shards('healthy'));
    expect(well.code).toBe(EXIT.done);
    expect(well.out).toMatch(/a +shard-a +owner +in-sync +healthy +0 +512/);
    expect(well.out).toMatch(/a +replica-a +replica +in-sync +healthy +3/);
    expect((await run(['status'], () => shards('down'))).code).toBe(EXIT.failed);
    expect((await run(['status'], () => shards('healthy', null))).code).toBe(EXIT.done);
  });

  it('status says which shard is in safe mode, and why', async () => {
    const { code, out } = await run(['status'], () => shards('healthy', 'held'));
    expect(code).toBe(EXIT.failed);
    expect(out).toMatch(/shard-a .*safe mode: a fence is newer than the edit log/);
  });

  it('status names a cluster that is quarantined, and says that all is not well', async () => {
    const list = shards('healthy');
    Object.assign(list.shards[0]?.members[1] ?? {}, { quarantine: 'restored' });
    const { code, out } = await run(['status'], () => list);
    expect(out).toMatch(/replica-a +replica +quarantined \(restored\)/);
    expect(code).toBe(EXIT.failed);
  });

  it('release wants the name of the cluster twice', async () => {
    expect((await run(['release', 'replica-a'])).code).toBe(EXIT.usage);
    const { code, sent } = await run(
      ['release', 'replica-a', '--confirm-cluster', 'replica-a'],
      () => ({ version: 9 }),
    );
    expect(code).toBe(EXIT.done);
    expect(sent[0]).toMatchObject({
      method: 'POST',
      url: 'http://one/v1/clusters/replica-a/release',
      body: { confirmCluster: 'replica-a' },
    });
  });

  it('rebuild-directory shows what it would make, and wants the deployment repeated', async () => {
    const answer = (isRebuilt: boolean) => ({
      isRebuilt,
      deployment: 'd-1',
      version: 100_007,
      shards: [
        {
          name: 'a',
          owner: 'shard-a',
          slots: 1_024,
          members: [
            { cluster: 'shard-a', status: 'in-sync' },
            { cluster: 'replica-a', status: 'learner' },
          ],
        },
      ],
    });
    const shown = await run(['rebuild-directory'], () => answer(false));
    expect(shown.out).toMatch(/a +1024 +shard-a +owner/);
    expect(shown.out).toMatch(/replica-a +learner/);
    expect(shown.out).toContain('--confirm-deployment d-1');
    expect(shown.sent[0]).toMatchObject({ method: 'POST', body: {} });
    const done = await run(['rebuild-directory', '--confirm-deployment', 'd-1'], () =>
      answer(true),
    );
    expect(done.sent[0]).toMatchObject({
      url: 'http://one/v1/directory/rebuild',
      body: { confirmDeployment: 'd-1' },
    });
    expect(done.out).toContain('version 100007');
  });

  it('prints what the NameNode says as JSON, for scripts', async () => {
    const { out } = await run(['status', '--json'], () => shards('healthy'));
    expect(JSON.parse(out)).toEqual(shards('healthy'));
  });

  it('locate asks for the key as it is', async () => {
    const { out, sent } = await run(['locate', 'person', 'a/b c'], () => ({
      collection: 'person',
      key: 'a/b c',
      slot: 9,
      shard: 'a',
      owner: 'shard-a',
      replicas: ['replica-a'],
      epoch: 4,
    }));
    expect(sent[0]?.url).toBe('http://one/v1/locate/person/a%2Fb%20c');
    expect(out).toContain('slot 9, shard a, owner shard-a');
  });

  it('failover waits for its end', async () => {
    let looks = 0;
    const { code, out, sent } = await run(['failover', 'a', '--why', 'test'], ({ method }) => {
      if (method === 'POST') return operation(false, 'queued');
      looks += 1;
      return looks < 3 ? operation(false, 'running') : operation(true, 'completed');
    });
    expect(code).toBe(EXIT.done);
    expect(sent[0]).toMatchObject({
      body: { kind: 'failover', shard: 'a', why: 'test' },
      headers: { 'idempotency-key': 'random-id', authorization: 'Bearer token' },
    });
    expect(out).toContain('completed  after 2.5 s');
  });

  it('tells scripts that an operation was undone', async () => {
    const { code } = await run(['failover', 'a'], () => operation(true, 'undone'));
    expect(code).toBe(EXIT.failed);
  });

  it('only asks what would be done with --dry-run', async () => {
    const plan = { kind: 'migration', from: 'a', to: 'b', slots: [3, 4, 5, 9] };
    const { sent, out } = await run(['migrate', '3-5,9', '--to', 'b', '--dry-run'], () => ({
      dryRun: true,
      plan,
    }));
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      url: 'http://one/v1/operations?dryRun=true',
      body: { slots: [3, 4, 5, 9] },
    });
    expect(out).toContain('would do');
  });

  it('unclean-failover --dry-run shows what is lost, and asks for no confirmation', async () => {
    const { out, sent } = await run(
      ['unclean-failover', 'a', '--to', 'replica-a', '--dry-run'],
      () => ({
        dryRun: true,
        plan: { kind: 'unclean-failover', shard: 'a', to: 'replica-a' },
        loss: {
          slots: [
            {
              slot: 7,
              target: { epoch: 1, sequence: 3 },
              known: { cluster: 'third', epoch: 1, sequence: 9 },
            },
          ],
          operations: 6,
          silent: ['shard-a'],
        },
      }),
    );
    expect(sent).toHaveLength(1);
    expect(out).toMatch(/7 +1\/3 +1\/9 +third/);
    expect(out).toContain('at least 6 operations are lost');
    expect(out).toContain('do not answer: shard-a');
  });

  it('fsck fails when it finds something', async () => {
    const finding = { kind: 'diverged', cluster: 'replica-a', slot: 5, shard: 'a' };
    const found = await run(['fsck'], () => ({ findings: [finding], more: true }));
    expect(found).toMatchObject({ code: EXIT.failed, out: expect.stringContaining('diverged') });
    expect(found.out).toContain('and more');
    const clean = await run(['fsck'], () => ({ findings: [], more: false }));
    expect(clean).toMatchObject({ code: EXIT.done, out: 'clean' });
  });

  it('fsck --repair orders a repair, tells what was done, and fails if something is left', async () => {
    const repair = (isMended: boolean) => () => ({
      ...operation(true, 'completed'),
      plan: { kind: 'repair' },
      report: [
        {
          finding: { kind: 'diverged', cluster: 'replica-a', slot: 5, shard: 'a' },
          isMended,
          action: "took the owner's copy",
        },
      ],
    });
    const mended = await run(['fsck', '--repair'], repair(true));
    expect(mended.sent[0]).toMatchObject({
      url: 'http://one/v1/operations',
      body: { kind: 'repair' },
      headers: { 'idempotency-key': 'random-id' },
    });
    expect(mended).toMatchObject({
      code: EXIT.done,
      out: expect.stringMatching(/diverged +replica-a +5 +took the owner's copy/),
    });
    expect((await run(['fsck', '--repair'], repair(false))).code).toBe(EXIT.failed);
  });

  it('asks the next NameNode when one does not answer', async () => {
    const { code, sent } = await run(['status'], ({ url }) => {
      if (url.startsWith('http://one')) throw new TypeError('refused');
      return shards('healthy');
    });
    expect(code).toBe(EXIT.done);
    expect(sent.map(({ url }) => url)).toEqual(['http://one/v1/shards', 'http://two/v1/shards']);
    const silent = await run(['status'], () => {
      throw new TypeError('refused');
    });
    expect(silent.code).toBe(EXIT.unreachable);
  });

  it('passes on a refusal with its code', async () => {
    const problem = { status: 403, code: 'FORBIDDEN', detail: 'not allowed' };
    const { code, errors, sent } = await run(['pause'], () => problem);
    expect(code).toBe(EXIT.refused);
    expect(errors).toBe('FORBIDDEN: not allowed');
    expect(sent).toHaveLength(1);
  });

  it.each([
    [['explode']],
    [['failover']],
    [['failover', 'a', 'b']],
    [['migrate', 'x', '--to', 'b']],
    [['migrate', '3']],
    [['status', '--nonsense']],
    [['toString']],
  ])('%j is a usage error, and nothing is sent', async (argv) => {
    const { code, sent, errors } = await run(argv);
    expect(code).toBe(EXIT.usage);
    expect(sent).toEqual([]);
    expect(errors).toContain('npm run admin');
  });

  it('signs in with the demo login of npm start where no token is given', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'marquee-admin-'));
    try {
      const endpoints = {
        gateway: 'http://gateway/graphql',
        nameNodes: ['http://namenode'],
        logins: [
          { handle: 'somebody', password: 'secret-one', role: 'USER' },
          { handle: 'chief', password: 'secret-two', role: 'ADMIN' },
        ],
      };
      await writeFile(join(dataDir, 'endpoints.json'), JSON.stringify(endpoints));
      const environment = { token: undefined, urls: undefined as never, dataDir };
      const { code, sent } = await run(
        ['status'],
        ({ url }) =>
          url.includes('graphql') ? { data: { signIn: { token: 'fresh' } } } : shards('healthy'),
        environment,
      );
      expect(code).toBe(EXIT.done);
      expect(sent[0]?.body).toMatchObject({
        variables: { handle: 'chief', password: 'secret-two' },
      });
      expect(sent[1]).toMatchObject({
        url: 'http://namenode/v1/shards',
        headers: { authorization: 'Bearer fresh' },
      });
      const nowhere = await run(['status'], undefined, { ...environment, dataDir: '/nowhere' });
      expect(nowhere.code).toBe(EXIT.usage);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});
