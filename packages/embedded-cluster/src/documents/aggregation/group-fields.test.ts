import { documentOf } from '../value.ts';
import { groupFields } from './group-fields.ts';

const fieldsOf = (group: Record<string, unknown>): string[] | undefined => {
  const nested = Object.entries(group).map(([name, value]) => [
    name,
    typeof value === 'object' && value !== null ? documentOf(value as never) : value,
  ]);
  const fields = groupFields(documentOf({ $group: documentOf(Object.fromEntries(nested)) }));
  return fields && [...fields];
};

describe('groupFields', () => {
  it.each([
    ['a count', { _id: 1, n: { $sum: 1 } }, []],
    ['a count by a field', { _id: '$genres', n: { $sum: 1 } }, ['genres']],
    ['a sum within documents', { _id: null, n: { $sum: '$rating.value' } }, ['rating']],
  ])('are those of %s', (_, group, expected) => {
    expect(fieldsOf(group)).toEqual(expected);
  });

  it.each([
    ['a variable', { _id: '$$ROOT' }],
    ['an expression', { _id: { $toLower: '$title' } }],
    ['another accumulator', { _id: '$year', all: { $push: '$title' } }],
  ])('may be any where there is %s', (_, group) => {
    expect(fieldsOf(group)).toBeUndefined();
  });

  it('may be any of another stage', () => {
    expect(groupFields(documentOf({ $unwind: '$genres' }))).toBeUndefined();
  });
});
