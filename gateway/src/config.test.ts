import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, logLevelOf } from './config.ts';

describe('the gateway’s configuration', () => {
  let folder: string;
  let required: Record<string, string>;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'marquee-config-'));
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    required = {
      MARQUEE_SERVICE_SECRET_FILE: file('secret', 's'.repeat(32)),
      MARQUEE_USER_TOKEN_PUBLIC_KEY_FILE: file('public.json', '{"kty":"OKP"}'),
      MARQUEE_VIEWER_PRIVATE_KEY_FILE: file('private.json', '{"kty":"OKP"}'),
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('takes the proxies whose word on addresses is believed, and nothing else for one', () => {
    const of = (text: string) => loadConfig({ ...required, TRUSTED_PROXIES: text }).trustedProxies;
    expect(loadConfig(required).trustedProxies).toEqual([]);
    expect(of('10.0.0.1, 10.1.0.0/16,::1,')).toEqual(['10.0.0.1', '10.1.0.0/16', '::1']);
    for (const bad of ['everybody', '10.0.0.0/33', '10.0.0.1/8/8', '10.0.0.1/x']) {
      expect(() => of(bad)).toThrow(/TRUSTED_PROXIES/);
    }
  });

  it('waits for a write longer than the subgraphs do', () => {
    const waits = (detectionTimeMs: string) =>
      loadConfig({ ...required, DETECTION_TIME_MS: detectionTimeMs }).subgraphLimits
        .mutationTimeoutMs;
    expect(waits('15000')).toBe(37_000);
    expect(waits('3000')).toBe(13_000);
  });

  it('takes the URL of any subgraph from the variable of its name', () => {
    const { subgraphUrls } = loadConfig({
      ...required,
      SUBGRAPH_MOVIES_URL: 'http://127.0.0.1:1/graphql',
      SUBGRAPH_BOX_OFFICE_URL: 'https://box/graphql',
      SUBGRAPH_USERS_URL: '',
    });
    expect(Object.fromEntries(subgraphUrls)).toEqual({
      movies: 'http://127.0.0.1:1/graphql',
      'box-office': 'https://box/graphql',
    });
  });

  it.each([
    ['SUBGRAPH_MOVIES_URL', 'nowhere'],
    ['GRAPHQL_DEPTH_MAX', '0'],
    ['MARQUEE_USER_TOKEN_PUBLIC_KEY_FILE', '/not/there'],
  ])('names %s when it is wrong, and not its value', (name, value) => {
    const load = () => loadConfig({ ...required, [name]: value });
    expect(load).toThrow(expect.objectContaining({ code: 'CONFIGURATION_INVALID' }));
    expect(load).toThrow(new RegExp(`^${name}: (?!.*${value}).*expected`, 's'));
  });

  it('refuses a service secret that could be guessed', () => {
    writeFileSync(join(folder, 'short'), 'short');
    const load = () =>
      loadConfig({ ...required, MARQUEE_SERVICE_SECRET_FILE: join(folder, 'short') });
    expect(load).toThrow(/MARQUEE_SERVICE_SECRET_FILE: expected .*32/);
  });

  it('logs at the level asked for, and plainly where that is no level', () => {
    expect(logLevelOf({ LOG_LEVEL: 'debug' })).toBe('debug');
    expect(logLevelOf({ LOG_LEVEL: 'loud' })).toBe('info');
    expect(logLevelOf({})).toBe('info');
  });
});
