import { EXIT, runAdmin } from '@marquee/admin-cli';
import {
  ready,
  startDeployment,
  startNameNode,
  until,
  type TestDeployment,
  type TestNameNode,
} from './name-node-harness.ts';

jest.setTimeout(60_000);

let deployment: TestDeployment;
let node: TestNameNode;
let token: string;

beforeAll(async () => {
  deployment = await startDeployment(['a'], 1);
  node = await startNameNode(deployment.addresses);
  await ready(node);
  token = await node.userToken('ADMIN');
  await until(async () => (await run('status')).code === EXIT.done);
});

afterAll(async () => {
  await node.stop();
  await deployment.stop();
});

/** The command as a person gives it, against the running service. */
const run = async (...argv: string[]) => {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await runAdmin({
    argv,
    // The first of the URLs does not answer: the other one is tried.
    environment: { token, urls: `http://127.0.0.1:9,${node.url}`, dataDir: '' },
    fetch: (url, init) => fetch(url, init),
    writeOut: (line) => out.push(line),
    writeError: (line) => errors.push(line),
    sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs / 10)),
    randomId: () => crypto.randomUUID(),
  });
  return { code, out: out.join('\n'), errors: errors.join('\n') };
};

describe('npm run admin, against a NameNode', () => {
  it('shows the shards, where a key is, and the newest edits', async () => {
    expect((await run('status')).out).toMatch(/a +owner-a +owner +in-sync +healthy/);
    expect((await run('locate', 'movies', 'tt0133093')).out).toContain('slot 61, shard a');
    const edits = await run('edits', '--limit', '1');
    expect(edits.out).not.toContain('deployment-founded');
    expect((await run('edits', '--after', '0', '--limit', '1')).out).toContain('more: --after 1');
  });

  it('pauses and resumes automation, and finds nothing wrong', async () => {
    expect((await run('pause', '--why', 'a test')).out).toContain('automation is paused');
    expect((await run('resume')).out).toContain('automation is active');
    expect(await run('fsck')).toMatchObject({ code: EXIT.done, out: 'clean' });
  });

  it('sets how many clusters must stay in sync, and no more than there are', async () => {
    const { code } = await run('configure-shard', 'a', '--min-in-sync', '2');
    expect(code).toBe(EXIT.done);
    expect((await node.get('/v1/shards')).body.shards[0].minInSync).toBe(2);
    const refused = await run('configure-shard', 'a', '--min-in-sync', '3');
    expect(refused).toMatchObject({ code: EXIT.refused });
    expect(refused.errors).toContain('NOT_IN_SYNC');
    await run('configure-shard', 'a', '--min-in-sync', '1');
  });

  it('orders a failover and waits for its end; refusals say what is the matter', async () => {
    const { code, out } = await run('failover', 'a');
    expect(out).toContain('completed');
    expect(code).toBe(EXIT.done);
    const same = await run('failover', 'a', '--to', 'replica-a-0');
    expect(same).toMatchObject({ code: EXIT.refused });
    expect(same.errors).toContain('ALREADY_THERE');
    const released = await run('release', 'owner-a', '--confirm-cluster', 'owner-a');
    expect(released.errors).toContain('NOT_FOUND');
  });
});
