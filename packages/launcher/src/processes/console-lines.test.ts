import { consoleText, createPrefixer, wantsColour } from './console-lines.ts';

describe('consoleText', () => {
  it('shows warnings, errors and the events of a life, and leaves the rest to the file', () => {
    expect(consoleText('{"level":"info","msg":"request done"}')).toBeNull();
    expect(consoleText('{"level":"info","event":"listening","msg":"listening"}')).toBe('listening');
    expect(consoleText('{"level":"error","msg":"broke","err":{"message":"why"}}')).toBe(
      'error broke: why',
    );
    expect(consoleText('plain text')).toBe('plain text');
    expect(consoleText('{not json')).toBe('{not json');
    expect(consoleText('  ')).toBeNull();
  });
});

describe('createPrefixer', () => {
  it('is plain without colour, and gives each name one colour with it', () => {
    expect(createPrefixer(false)('movies', 'hi')).toBe('movies       | hi');
    const prefix = createPrefixer(true);
    expect(prefix('movies', 'a').slice(0, 5)).toBe(prefix('movies', 'b').slice(0, 5));
    expect(prefix('movies', 'a').slice(0, 5)).not.toBe(prefix('person', 'a').slice(0, 5));
  });
});

describe('wantsColour', () => {
  it('is for terminals of people who did not say no', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true);
    expect(wantsColour({ isTTY: false }, {})).toBe(false);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({ isTTY: true }, { CI: 'true' })).toBe(false);
  });
});
