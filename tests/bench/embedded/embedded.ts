import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { type Load, measure } from './load.ts';
import { judge } from './targets.ts';

/*
 * The embedded engine beside a bare ping through the same driver, in the same run: the machine and the
 * driver are most of every figure, so only the relation between them says something about the engine.
 * The cluster is a process of its own, as it is in use. Build first: it runs from dist.
 */

const DOCUMENTS_AT_REST = 30_000;
const DOCUMENTS_SORTED = 100_000;
const PAGE = 20;

const entry = fileURLToPath(new URL('main.js', import.meta.resolve('@marquee/embedded-cluster')));

const start = async (
  dataDir: string,
): Promise<{ process: ChildProcess; uri: string; startMs: number }> => {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [entry, '--name', 'bench', '--port', '0', '--data', dataDir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const uri = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`the cluster ended with ${String(code)}`));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /listening (\S+)/.exec(chunk.toString());
      if (found?.[1]) resolve(found[1]);
    });
  });
  return { process: child, uri, startMs: performance.now() - began };
};

const stop = async (child: ChildProcess): Promise<void> => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
};

/** Resident memory where the system tells, in MB. */
const rssMb = (child: ChildProcess): number => {
  try {
    const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024);
  } catch {
    return NaN;
  }
};

/** All threads; Linux counts in hundredths of a second. */
const cpuSeconds = (child: ChildProcess): number => {
  try {
    const [, fields = ''] = readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8').split(') ');
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    return ((user ?? NaN) + (system ?? NaN)) / 100;
  } catch {
    return NaN;
  }
};

const documentOf = (number: number) => ({
  _id: `k${number.toString()}`,
  tenant: `t${(number % 50).toString()}`,
  n: number,
  name: `user ${number.toString()}`,
  email: `u${number.toString()}@example.org`,
  tags: ['a', 'b', `c${(number % 10).toString()}`],
  address: { street: `Main ${number.toString()}`, zip: (10_000 + number).toString() },
  created: new Date(1_700_000_000_000 + number * 1000),
  text: 'x'.repeat(300),
});

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const show = (name: string, load: Load): void => {
  const { perSecond, p50Ms, p95Ms, p99Ms, driverBusy, serverBusy } = load;
  console.log(
    `${name.padEnd(52)} ${perSecond.toFixed(0).padStart(7)}/s  p50 ${p50Ms.toFixed(2)}  p95 ${p95Ms.toFixed(2)}  p99 ${p99Ms.toFixed(2)} ms  driver ${percent(driverBusy)} busy, server ${percent(serverBusy)}`,
  );
};

const run = async (): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-embedded-'));
  let server = await start(dataDir);
  console.log(
    `start, empty: ${server.startMs.toFixed(0)} ms, ${rssMb(server.process).toString()} MB`,
  );
  const emptyMb = rssMb(server.process);
  const timed = (
    count: number,
    concurrency: number,
    work: (number: number) => Promise<unknown>,
  ): Promise<Load> => measure(count, concurrency, work, () => cpuSeconds(server.process));
  let client = await MongoClient.connect(server.uri, { maxPoolSize: 150 });
  try {
    const collection = client.db('bench').collection<{ _id: string }>('documents');
    await collection.createIndex({ tenant: 1, n: 1 });
    await collection.createIndex({ email: 1 }, { unique: true }, {});
    const admin = client.db('admin');
    await timed(4000, 32, () => admin.command({ ping: 1 }));

    const ping = await timed(20_000, 32, () => admin.command({ ping: 1 }));
    show('ping, 32 at a time', ping);
    // As warm as the pings are: code that has not run before is several times slower.
    await timed(4000, 128, (number) => collection.insertOne(documentOf(3_000_000 + number)));
    const insert = await timed(20_000, 128, (number) =>
      collection.insertOne(documentOf(1_000_000 + number)),
    );
    show('insertOne, 3 indexes, after fsync, 128 at a time', insert);
    show(
      'insertOne, one at a time',
      await timed(500, 1, (number) => collection.insertOne(documentOf(2_000_000 + number))),
    );
    await collection.deleteMany({});

    for (let from = 0; from < DOCUMENTS_AT_REST; from += 1000) {
      await collection.insertMany(
        Array.from({ length: 1000 }, (_, offset) => documentOf(from + offset)),
      );
    }
    const any = () => Math.floor(Math.random() * DOCUMENTS_AT_REST);
    const pingAgain = await timed(20_000, 32, () => admin.command({ ping: 1 }));
    show('ping, 32 at a time', pingAgain);
    const findOne = await timed(20_000, 32, () =>
      collection.findOne({ _id: `k${any().toString()}` }),
    );
    show('findOne by _id, 32 at a time', findOne);
    show(
      'findOne by unique index, 32 at a time',
      await timed(10_000, 32, () =>
        collection.findOne({ email: `u${any().toString()}@example.org` } as object),
      ),
    );
    show(
      'updateOne $inc by _id, 32 at a time',
      await timed(10_000, 32, () =>
        collection.updateOne({ _id: `k${any().toString()}` }, { $inc: { v: 1 } }),
      ),
    );
    show(
      'transaction of 2 updates, 16 at a time',
      await timed(1000, 16, () =>
        client.withSession((session) =>
          session.withTransaction(async () => {
            await collection.updateOne(
              { _id: `k${any().toString()}` },
              { $inc: { v: 1 } },
              { session },
            );
            await collection.updateOne(
              { _id: `k${any().toString()}` },
              { $inc: { v: 1 } },
              { session },
            );
          }),
        ),
      ),
    );
    show(
      'scan of 30k documents',
      await timed(5, 1, () => collection.countDocuments({ name: 'nobody' })),
    );

    await client.close();
    await stop(server.process);
    server = await start(dataDir);
    client = await MongoClient.connect(server.uri, { maxPoolSize: 150 });
    const again = client.db('bench').collection('documents');
    await again.countDocuments({ tenant: 't7' });
    const restMb = rssMb(server.process);
    console.log(
      `start with 30k documents: ${server.startMs.toFixed(0)} ms, ${restMb.toString()} MB`,
    );

    const big = client.db('bench').collection<{ _id: number; n: number; text: string }>('big');
    for (let from = 0; from < DOCUMENTS_SORTED; from += 5000) {
      await big.insertMany(
        Array.from({ length: 5000 }, (_, offset) => ({
          _id: from + offset,
          n: ((from + offset) * 7919) % DOCUMENTS_SORTED,
          text: 'x'.repeat(200),
        })),
      );
    }
    await big.createIndex({ n: 1 });
    await timed(100, 1, () => big.find().sort({ n: 1 }).limit(PAGE).toArray());
    const page = await timed(1000, 1, () =>
      big
        .find({ n: { $gt: Math.floor(Math.random() * DOCUMENTS_SORTED) } })
        .sort({ n: 1 })
        .limit(PAGE)
        .toArray(),
    );
    show('page of 20 of 100k, sorted by an index', page);
    const blockedMs = await longestPing(client, () =>
      big
        .find({ n: { $gt: 0 } })
        .sort({ n: 1 })
        .limit(PAGE)
        .toArray(),
    );
    const scanBlockedMs = await longestPing(client, () => big.countDocuments({ text: 'nobody' }));
    console.log(
      `longest ping beside such pages: ${blockedMs.toFixed(1)} ms; beside scans of 100k documents: ${scanBlockedMs.toFixed(1)} ms`,
    );

    const verdicts = judge({
      findOneOfPing: findOne.perSecond / pingAgain.perSecond,
      insertOneOfPing: insert.perSecond / ping.perSecond,
      pageP95Ms: page.p95Ms,
      blockedByPagesMs: blockedMs,
      atRestMb: restMb,
    });
    for (const { line } of verdicts) console.log(line);
    if (verdicts.some(({ isMet }) => !isMet)) process.exitCode = 1;
    const share = (part: number, whole: number) => percent(part / whole);
    console.log(
      `bench embedded: empty ${emptyMb.toString()} MB, at rest with 30k documents ${restMb.toString()} MB, findOne ${share(findOne.perSecond, pingAgain.perSecond)} of ping, insertOne ${share(insert.perSecond, ping.perSecond)} of ping, page of 20 sorted p95 ${page.p95Ms.toFixed(2)} ms`,
    );
  } finally {
    await client.close();
    await stop(server.process);
    rmSync(dataDir, { recursive: true, force: true });
  }
};

/** How long others wait while `work` goes on: the longest of the pings beside it. */
const longestPing = async (client: MongoClient, work: () => Promise<unknown>): Promise<number> => {
  const progress = { working: true };
  const worker = (async () => {
    for (let round = 0; round < 5; round++) await work();
    progress.working = false;
  })();
  const waits: number[] = [];
  while (progress.working) {
    const began = performance.now();
    await client.db('admin').command({ ping: 1 });
    waits.push(performance.now() - began);
  }
  await worker;
  return Math.max(...waits);
};

await run();
