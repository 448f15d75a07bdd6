import { slug } from './slug.ts';

test.each([
  ['Amélie', 'amelie'],
  ["Schindler's List", 'schindlers-list'],
  ['The Naked Gun 2½', 'the-naked-gun-21-2'],
  ['Stellan Skarsgård', 'stellan-skarsgard'],
  ['Andrzej Sekuła', 'andrzej-sekula'],
  ['Sturla Brandth Grøvlen', 'sturla-brandth-grovlen'],
  ['乱', '4e71'],
])('%s is %s', (text, expected) => {
  expect(slug(text, 40)).toBe(expected);
});

test('never exceeds its length nor ends in a dash', () => {
  expect(slug('one two three', 8)).toBe('one-two');
});
