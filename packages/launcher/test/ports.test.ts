import { createServer, type AddressInfo } from 'node:net';
import { assignPorts } from '../src/ports.ts';

describe('assignPorts', () => {
  it('names a port that is taken, for whom it was meant, and who holds it', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    await expect(assignPorts(port - 1, [], [])).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringMatching(
        new RegExp(`port ${port}, for movies, is held by .*--port-base`, 's'),
      ),
    });
    await new Promise((resolve) => holder.close(resolve));
  });

  it('names a port at which no browser would ask', async () => {
    await expect(assignPorts(6000, [], [])).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringMatching(/^port 6000, for gateway, is one that browsers.*--port-base/s),
    });
  });

  it('gives every process a free port of its own where the base is 0', async () => {
    const ports = await assignPorts(0, ['namenode-1'], ['shard-a', 'metadata']);
    expect(Object.keys(ports)).toEqual([
      'gateway',
      'movies',
      'person',
      'users',
      'interactions',
      'namenode-1',
      'shard-a',
      'metadata',
    ]);
    expect(new Set(Object.values(ports)).size).toBe(8);
  });
});
