import { z } from 'zod';
import { checkInput, httpsUrl, line, paragraphs, validationFailed } from './input-validation.ts';

describe('the check of an input', () => {
  it('names every problem by its path', () => {
    const Input = z.object({ title: line(1, 5), tags: z.array(line(1, 3)) });
    const checked = checkInput(Input, { title: '', tags: ['ok', 'long'] });
    expect(checked).toEqual({
      ok: false,
      problems: [
        { path: 'input.title', message: 'expected 1 to 5 characters of text' },
        { path: 'input.tags.1', message: 'expected 1 to 3 characters of text' },
      ],
    });
    expect(validationFailed(checked.ok ? [] : checked.problems).message).toBe(
      'input.title: expected 1 to 5 characters of text; input.tags.1: expected 1 to 3 characters of text',
    );
  });

  it.each([
    ['  trimmed  ', 'trimmed'],
    ['e\u0301', '\u00e9'],
    ['🎬🎬🎬🎬🎬', '🎬🎬🎬🎬🎬'],
    ['שלום', 'שלום'],
  ])('takes %j as a line of text', (given, expected) => {
    expect(line(1, 7).parse(given)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'a\nb',
    'a\0',
    '\ud800',
    'a\u2028b',
    'x'.repeat(8),
    'x'.repeat(1_000_000),
    5,
    null,
    {},
  ])('does not take %# as a line of text', (given) => {
    expect(line(1, 7).safeParse(given).success).toBe(false);
  });

  it('takes several lines where they are meant', () => {
    expect(paragraphs(20).parse('One\r\n\n\tTwo ')).toBe('One\r\n\n\tTwo');
    expect(paragraphs(20).safeParse('a\u0007').success).toBe(false);
    expect(paragraphs(3).safeParse('abcd').success).toBe(false);
  });

  it('judges endless text in no time', () => {
    const text = 'a\n'.repeat(50_000);
    const beganMs = performance.now();
    expect(paragraphs(100_000).safeParse(`${text}\0`).success).toBe(false);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
  });

  it.each(['http://example.org', 'javascript:alert(1)', `https://${'x'.repeat(3_000)}`])(
    'does not take %.30s as a picture',
    (given) => {
      expect(httpsUrl.safeParse(given).success).toBe(false);
    },
  );
});
