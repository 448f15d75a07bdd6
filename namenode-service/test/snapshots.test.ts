import { randomUUID } from 'node:crypto';
import { startTestClusters, type TestClusters } from '@marquee/test-kit';
import { applyEdit } from '../src/directory/apply-edit.ts';
import { EMPTY_DIRECTORY, type DirectoryState } from '../src/directory/directory-state.ts';
import type { Change, Edit } from '../src/directory/edit.ts';
import { loadDirectory, SNAPSHOT_EVERY_EDITS } from '../src/edit-log/load-directory.ts';
import { openMetadataDatabase, type MetadataDatabase } from '../src/edit-log/metadata-database.ts';
import { createMongoEditLog } from '../src/edit-log/mongo-edit-log.ts';
import { SnapshotKeeper } from '../src/edit-log/snapshot-keeper.ts';
import { until } from './name-node-harness.ts';

// A thousand edits are appended, one by one.
jest.setTimeout(60_000);

let clusters: TestClusters;
let metadata: MetadataDatabase;

beforeAll(async () => {
  clusters = await startTestClusters({ metadata: ['metadata'] });
  metadata = openMetadataDatabase(clusters.uriOf('metadata'), 'test');
});

afterAll(async () => {
  await metadata.close();
  await clusters.close();
});

const FOUNDED: Change = {
  kind: 'deployment-founded',
  deployment: '0b7e6a52-6d2c-4a2e-9c5e-0f4a3a1d2b3c',
  shards: [{ name: 'a', owner: 'a0', replicas: ['a1'] }],
};

const changeOf = (number: number): Change => {
  if (number === 1) return FOUNDED;
  if (number === 2) return { kind: 'founding-completed' };
  return { kind: 'shard-configured', shard: 'a', minInSync: 1 + (number % 3) };
};

const warn = (error: unknown): never => {
  throw error;
};

describe('snapshots', () => {
  it('are kept every thousand edits, and a start reads the newest one and the edits after it', async () => {
    const log = createMongoEditLog(metadata.db, randomUUID);
    let isLeader = true;
    const keeper = new SnapshotKeeper({ log, isLeader: () => isLeader, onWarning: warn });
    const saved = jest.spyOn(log, 'saveSnapshot');
    let state: DirectoryState = EMPTY_DIRECTORY;
    const append = async (through: number): Promise<void> => {
      for (let number = state.lastEdit + 1; number <= through; number += 1) {
        const edit: Edit = {
          number,
          atMs: number,
          by: 'test',
          why: 'test',
          change: changeOf(number),
        };
        expect(await log.append(edit)).toBe('appended');
        state = applyEdit(state, edit);
        keeper.learn(state, 0);
      }
    };
    await append(SNAPSHOT_EVERY_EDITS - 1);
    expect(saved).not.toHaveBeenCalled();
    await append(SNAPSHOT_EVERY_EDITS + 3);
    await until(async () => (await log.loadSnapshot()).lastEdit === SNAPSHOT_EVERY_EDITS);
    expect(saved).toHaveBeenCalledTimes(1);

    const read = jest.spyOn(log, 'readToEnd');
    const loaded = await loadDirectory(log);
    expect(read).toHaveBeenCalledWith(SNAPSHOT_EVERY_EDITS);
    expect(loaded).toEqual({ state, snapshotEdit: SNAPSHOT_EVERY_EDITS });

    // As if the edits up to the snapshot were gone: nobody needs them for a start.
    await metadata.db.collection<{ _id: number }>('edits').deleteMany({ _id: { $lte: 900 } });
    expect((await loadDirectory(log)).state).toEqual(state);
    isLeader = false;
  });
});

describe('a keeper', () => {
  const stateAt = (lastEdit: number) => ({ status: 'running', lastEdit }) as DirectoryState;
  const start = (isLeader: () => boolean, failures = 0) => {
    const kept: number[] = [];
    let left = failures;
    const keeper = new SnapshotKeeper({
      log: {
        saveSnapshot: (state) => {
          left -= 1;
          if (left >= 0) return Promise.reject(new Error('no answer'));
          kept.push(state.lastEdit);
          return Promise.resolve();
        },
      },
      isLeader,
      onWarning: () => undefined,
    });
    return { kept, keeper };
  };
  const turns = () => new Promise((resolve) => setImmediate(resolve));

  it('that is elected keeps the one that its predecessor did not live to keep', async () => {
    let leads = false;
    const { kept, keeper } = start(() => leads);
    keeper.learn(stateAt(999), 0);
    keeper.learn(stateAt(1_000), 0);
    leads = true;
    keeper.learn(stateAt(1_001), 0);
    await turns();
    keeper.learn(stateAt(1_002), 0);
    await turns();
    expect(kept).toEqual([1_001]);
  });

  it('keeps none again that it has started from, and tries again what failed', async () => {
    const started = start(() => true);
    started.keeper.learn(stateAt(1_500), 1_000);
    await turns();
    expect(started.kept).toEqual([]);
    const failing = start(() => true, 1);
    failing.keeper.learn(stateAt(1_000), 0);
    await turns();
    expect(failing.kept).toEqual([]);
    failing.keeper.learn(stateAt(1_001), 0);
    await turns();
    expect(failing.kept).toEqual([1_001]);
  });
});
