import { withRouterFields } from './projection.ts';

describe('withRouterFields', () => {
  it('asks for no projection where none is wanted', () => {
    expect(withRouterFields(undefined, ['title'])).toEqual({});
  });

  it('adds what the router needs to what is kept', () => {
    expect(withRouterFields({ name: 1 }, ['title']).projection).toMatchObject({
      name: 1,
      title: 1,
      _id: 1,
      slot: 1,
      deleted: 1,
    });
  });

  it('never drops what the router needs', () => {
    expect(withRouterFields({ plot: 0, slot: 0, title: 0 }, ['title'])).toEqual({
      projection: { plot: 0 },
    });
  });
});
