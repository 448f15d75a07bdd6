import { createLogger } from '@marquee/service-kit';
import { openWithIndexes } from './index-gate.ts';

const logger = createLogger({ service: 'test', level: 'silent' });

/** A gate whose looks answer in turn what is given, and then wait for ever. */
const gateThatFinds = (...looks: (() => Promise<ReadonlyMap<string, readonly string[]>>)[]) => {
  const left = [...looks];
  return openWithIndexes({
    missingIndexes: () => left.shift()?.() ?? new Promise(() => undefined),
    sleep: () => Promise.resolve(),
    logger,
  });
};

const nothing = () => Promise.resolve(new Map<string, readonly string[]>());
const something = () => Promise.resolve(new Map([['owner-a', ['movies {"year":1}']]]));
const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('a subgraph', () => {
  it('takes traffic once no cluster lacks an index', async () => {
    const gate = gateThatFinds(nothing);
    expect(gate.isOpen).toBe(false);
    await turns();
    expect(gate.isOpen).toBe(true);
  });

  it('does not while a cluster that is read lacks one', async () => {
    const gate = gateThatFinds(something, something);
    await turns();
    expect(gate.isOpen).toBe(false);
  });

  it('does not while there is no map, and goes on looking', async () => {
    const waiting = gateThatFinds(() => Promise.reject(new Error('no map')));
    await turns();
    expect(waiting.isOpen).toBe(false);
    const later = gateThatFinds(() => Promise.reject(new Error('no map')), something, nothing);
    await turns();
    expect(later.isOpen).toBe(true);
  });
});
