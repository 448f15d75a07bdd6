import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MarqueeError } from '@marquee/errors';
import type { LauncherConfig } from './config.ts';

export const ENGINES = ['embedded', 'mongod', 'atlas'] as const;
export type Engine = (typeof ENGINES)[number];

export interface Options {
  readonly engine: Engine;
  /** First port of the range; 0 takes free ones. */
  readonly portBase: number;
  readonly dataDir: string;
  readonly reset: boolean;
  readonly restart: boolean;
  readonly demoData: boolean;
  /** Do all checks and start nothing. */
  readonly checkOnly: boolean;
  readonly shards: number;
  readonly replicasPerShard: number;
  readonly nameNodes: number;
  readonly detectionTimeMs: number;
}

export const USAGE = `npm start -- [options]

  --engine ENGINE     embedded (default), mongod or atlas
  --port-base N       first port of the range that is used (default 4000; 0 takes free ports)
  --data DIR          where data, secrets and logs go (default .marquee)
  --reset             begin with empty clusters (embedded and mongod only)
  --shards N          shards of a new deployment (default 2; embedded and mongod)
  --replicas N        replicas of each shard (default 1; embedded and mongod)
  --namenodes N       NameNodes: one leads, the others take over (default 2)
  --no-demo-data      do not load the demo films
  --no-restart        do not restart a process that ends by itself
  --check             do all checks and start nothing (npm run doctor)
  --help              show this`;

/** Enough for every port of a range to be a valid one. */
const PORT_BASE_MAX = 65_000;
const SHARDS_MAX = 26;
const REPLICAS_MAX = 4;
/** More than that only wait for one another. */
const NAMENODES_MAX = 5;

/** Embedded clusters answer at once or are gone; over a network it takes longer to be sure. */
const DETECTION_TIME_DEFAULT_MS = { embedded: 3_000, mongod: 15_000, atlas: 15_000 } as const;

/** @throws CONFIGURATION_INVALID that names the option and what was expected. */
export const parseOptions = (argv: readonly string[], config: LauncherConfig): Options | 'help' => {
  const values = parse(argv);
  if (values.help) return 'help';
  const engine = values.engine ?? config.MARQUEE_ENGINE ?? 'embedded';
  if (!isEngine(engine)) throw invalid('--engine', ENGINES.join(', '));
  if (values.reset && engine === 'atlas') {
    throw invalid('--reset', 'an engine whose clusters belong to this start, not atlas');
  }
  return {
    engine,
    portBase: integer('--port-base', values['port-base'] ?? '4000', 0, PORT_BASE_MAX),
    dataDir: resolve(values.data ?? '.marquee'),
    reset: values.reset ?? false,
    restart: !values['no-restart'],
    demoData: !values['no-demo-data'],
    checkOnly: values.check ?? false,
    shards: integer('--shards', values.shards ?? '2', 1, SHARDS_MAX),
    replicasPerShard: integer('--replicas', values.replicas ?? '1', 0, REPLICAS_MAX),
    nameNodes: integer('--namenodes', values.namenodes ?? '2', 1, NAMENODES_MAX),
    detectionTimeMs: config.DETECTION_TIME_MS ?? DETECTION_TIME_DEFAULT_MS[engine],
  };
};

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        engine: { type: 'string' },
        'port-base': { type: 'string' },
        data: { type: 'string' },
        reset: { type: 'boolean' },
        shards: { type: 'string' },
        replicas: { type: 'string' },
        namenodes: { type: 'string' },
        'no-demo-data': { type: 'boolean' },
        'no-restart': { type: 'boolean' },
        check: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (cause) {
    const message = `${(cause as Error).message}\n\n${USAGE}`;
    throw new MarqueeError('CONFIGURATION_INVALID', {}, { message, cause });
  }
};

const isEngine = (value: string): value is Engine => (ENGINES as readonly string[]).includes(value);

const invalid = (option: string, expected: string): MarqueeError =>
  new MarqueeError(
    'CONFIGURATION_INVALID',
    { option },
    { message: `${option}: expected ${expected}` },
  );

const integer = (option: string, text: string, minimum: number, maximum: number): number => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  throw invalid(option, `a whole number from ${minimum} to ${maximum}`);
};
