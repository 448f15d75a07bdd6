import { createServer } from 'node:net';
import { MarqueeError } from '@marquee/errors';
import { portHolder } from './checks/port-holder.ts';

/** Port of each process, by name. */
export type Ports = Readonly<Record<string, number>>;

/** Offsets from the port base: what people type stays in front. */
const OFFSETS: Readonly<Record<string, number>> = {
  gateway: 0,
  movies: 1,
  person: 2,
  users: 3,
  interactions: 4,
};
const NAMENODE_OFFSET = 10;
const CLUSTER_OFFSET = 101;

/**
 * Browsers and Node's fetch refuse to ask at these, which other protocols use: https://fetch.spec.whatwg.org/#port-blocking
 * (those above 1,023).
 */
const UNFETCHABLE: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 10080,
]);

const offsetsOf = (
  nameNodes: readonly string[],
  clusters: readonly string[],
): [string, number][] => [
  ...Object.entries(OFFSETS),
  ...nameNodes.map((name, i): [string, number] => [name, NAMENODE_OFFSET + i]),
  ...clusters.map((name, i): [string, number] => [name, CLUSTER_OFFSET + i]),
];

/**
 * Gives every process its port, and makes sure that each is free now.
 *
 * @throws CONFIGURATION_INVALID that names every port that cannot be used, for whom it was meant, and,
 * where it is taken and the system tells, who holds it.
 */
export const assignPorts = async (
  portBase: number,
  nameNodes: readonly string[],
  clusters: readonly string[],
): Promise<Ports> => {
  const wanted = offsetsOf(nameNodes, clusters);
  if (portBase === 0) return freePorts(wanted.map(([name]) => name));
  const ports = wanted.map(([name, offset]): [string, number] => [name, portBase + offset]);
  const problems = await Promise.all(ports.map(([name, port]) => problemOf(name, port)));
  const unusable = problems.filter((problem) => problem !== undefined);
  if (unusable.length === 0) return Object.fromEntries(ports);
  throw new MarqueeError(
    'CONFIGURATION_INVALID',
    { unusable },
    { message: `${unusable.join('\n')}\nChoose other ports with --port-base.` },
  );
};

const problemOf = async (name: string, port: number): Promise<string | undefined> => {
  if (UNFETCHABLE.has(port))
    return `port ${port}, for ${name}, is one that browsers refuse to ask at`;
  if (await isFree(port)) return undefined;
  const holder = portHolder(port);
  const by = holder === undefined ? 'another process' : `process ${holder.pid} (${holder.command})`;
  return `port ${port}, for ${name}, is held by ${by}`;
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

// All are held open until the last is known, so that none is given out twice.
const freePorts = async (names: readonly string[]): Promise<Ports> => {
  const probes = await Promise.all(
    names.map(
      (name) =>
        new Promise<[string, number, () => Promise<void>]>((resolve, reject) => {
          const probe = createServer();
          probe.once('error', reject);
          probe.listen(0, '127.0.0.1', () => {
            const address = probe.address();
            const port = typeof address === 'object' && address !== null ? address.port : 0;
            resolve([name, port, () => new Promise((done) => probe.close(() => done()))]);
          });
        }),
    ),
  );
  await Promise.all(probes.map(([, , close]) => close()));
  return Object.fromEntries(probes.map(([name, port]) => [name, port]));
};
