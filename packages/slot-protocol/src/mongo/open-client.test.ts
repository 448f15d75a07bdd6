import { ClusterUnreachable } from '../cluster-unreachable.ts';
import { openClient } from './open-client.ts';

describe('openClient', () => {
  it('never shows an address, not even one that it cannot read', () => {
    for (const uri of [
      'mongodb://u:hunter2@',
      'nonsense://u:hunter2@h',
      'mongodb://u:hunter2@h/?x=1',
    ]) {
      let thrown: unknown;
      try {
        openClient({ name: 'shard-a', uri });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({
        code: 'CONFIGURATION_INVALID',
        facts: { cluster: 'shard-a' },
      });
      expect(JSON.stringify(thrown) + String(thrown)).not.toContain('hunter2');
      expect((thrown as Error).cause).toBeUndefined();
    }
  });

  it('writes with majority, and leaves the repetition of reads to the router', async () => {
    const client = openClient({ name: 'shard-a', uri: 'mongodb://127.0.0.1:1' });
    expect(client.options).toMatchObject({
      retryWrites: true,
      retryReads: false,
      writeConcern: { w: 'majority' },
      readConcern: { level: 'majority' },
    });
    await client.close();
  });
});

it('names the cluster that cannot be reached, not its address', () => {
  expect(new ClusterUnreachable('shard-a').message).toBe('cluster shard-a cannot be reached');
});
