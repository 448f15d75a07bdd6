import { hasCode } from '@marquee/errors';
import { parseCollectionName, slotKeyOf } from './collection.ts';

const codeFrom = (act: () => unknown, code: 'KEY_INVALID' | 'UNKNOWN_COLLECTION') => {
  try {
    act();
  } catch (error) {
    return hasCode(error, code);
  }
  return false;
};

describe('slotKeyOf', () => {
  it('puts a movie, its counts and its interactions into one slot', () => {
    expect(slotKeyOf('movies', 'tt1')).toBe('tt1');
    expect(slotKeyOf('user_interactions', 'tt1')).toBe('tt1');
    expect(slotKeyOf('user_interactions', 'tt1:alice')).toBe('tt1');
  });

  it.each([7, null, undefined, {}, '', 'x'.repeat(513), 'é'.repeat(257), 'a\0b', '\ud800'])(
    'refuses %p as a key',
    (key) => {
      expect(codeFrom(() => slotKeyOf('person', key), 'KEY_INVALID')).toBe(true);
    },
  );

  it('refuses an interaction without a movie', () => {
    expect(codeFrom(() => slotKeyOf('user_interactions', ':alice'), 'KEY_INVALID')).toBe(true);
  });

  it('accepts exactly 512 bytes', () => {
    expect(slotKeyOf('person', 'é'.repeat(256))).toHaveLength(256);
  });
});

describe('parseCollectionName', () => {
  it.each(['movie', 'constructor', '', null])('refuses %p', (name) => {
    expect(codeFrom(() => parseCollectionName(name), 'UNKNOWN_COLLECTION')).toBe(true);
  });
});
