import type { LauncherConfig } from './config.ts';
import { parseOptions } from './options.ts';

const config: LauncherConfig = { LOG_LEVEL: 'info', PATH: '' };

describe('parseOptions', () => {
  it('starts the embedded engine on port 4000 by default', () => {
    expect(parseOptions([], config)).toMatchObject({
      engine: 'embedded',
      portBase: 4000,
      restart: true,
      reset: false,
      shards: 2,
      replicasPerShard: 1,
      nameNodes: 2,
      detectionTimeMs: 3_000,
    });
  });

  it('takes the engine from the environment, and from --engine first', () => {
    const inEnvironment = { ...config, MARQUEE_ENGINE: 'atlas' as const };
    expect(parseOptions([], inEnvironment)).toMatchObject({
      engine: 'atlas',
      detectionTimeMs: 15_000,
    });
    expect(parseOptions(['--engine', 'embedded'], inEnvironment)).toMatchObject({
      engine: 'embedded',
    });
  });

  it.each([
    [['--port-base', '70000'], '--port-base'],
    [['--port-base', '4e3'], '--port-base'],
    [['--shards', '0'], '--shards'],
    [['--namenodes', '0'], '--namenodes'],
    [['--engine', 'mysql'], '--engine'],
    [['--engine', 'atlas', '--reset'], '--reset'],
    [['--nonsense'], '--nonsense'],
  ])('refuses %j and names it', (argv, named) => {
    const refusal = expect.objectContaining({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining(named) as string,
    });
    expect(() => parseOptions(argv, config)).toThrow(refusal as Error);
  });
});
