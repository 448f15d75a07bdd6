import { breakingChanges } from './breaking-changes.ts';

const RELEASED = `
  type Query { film(id: ID!): Film }
  type Film { id: ID! title: String year: Int }
`;

describe('breakingChanges', () => {
  it('finds none where something was only added', async () => {
    const current = `
      type Query { film(id: ID!, language: String): Film films: [Film!] }
      type Film { id: ID! title: String year: Int @deprecated(reason: "Use releaseDate.") releaseDate: String }
    `;
    expect(await breakingChanges(RELEASED, current)).toEqual([]);
  });

  it.each([
    ['a field that is gone', RELEASED.replace('year: Int', ''), /^Film\.year: /],
    ['a field of another type', RELEASED.replace('year: Int', 'year: String'), /^Film\.year: /],
    ['a result that may be null now', RELEASED.replace('id: ID! title', 'id: ID title'), /^Film/],
    [
      'an argument that is demanded',
      RELEASED.replace('id: ID!)', 'id: ID!, key: String!)'),
      /^Query/,
    ],
  ])('names %s', async (_what, current, expected) => {
    expect(await breakingChanges(RELEASED, current)).toEqual([expect.stringMatching(expected)]);
  });
});
