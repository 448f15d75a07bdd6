import { readReleaseDate } from './release-date.ts';

test('reads a day as it stands', () => {
  expect(readReleaseDate('Jun 12 1998')).toEqual({ year: 1998, releaseDate: '1998-06-12' });
});

test.each([
  ['Nov 21 2046', { year: 1946, releaseDate: '1946-11-21' }],
  ['Aug 12 2027', { year: 1927, releaseDate: '1927-08-12' }],
  ['Feb 08 2015', { year: 1915, releaseDate: '1915-02-08' }],
  ['Dec 31 2046', { year: 1946, releaseDate: '1946-12-31' }],
  ['Dec 23 2011', { year: 2011, releaseDate: '2011-12-23' }],
])('takes a date a century late back: %s', (raw, expected) => {
  expect(readReleaseDate(raw)).toEqual(expected);
});

test.each([
  ['Dec 31 1941', { year: 1942 }],
  ['Dec 31 1959', { year: 1960 }],
  ['Jan 01 1970', { year: 1970 }],
  ['Jan 01 2025', { year: 1925 }],
  ['Dec 31 2008', { year: 2008 }],
])('keeps only the year where only the year was known: %s', (raw, expected) => {
  expect(readReleaseDate(raw)).toEqual(expected);
});

test('the zero of Unix time is no date', () => {
  expect(readReleaseDate('Dec 31 1969')).toEqual({});
});

test.each(['', 'soon', '1998', 'Foo 12 1998', 'Feb 30 1998', 'Jun 00 1998', '12 Jun 1998'])(
  'refuses %j',
  (raw) => {
    expect(readReleaseDate(raw)).toBeUndefined();
  },
);
