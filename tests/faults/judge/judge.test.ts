import type { OperationResult, SentOperation } from '../client/messages.ts';
import { History } from './history.ts';
import { judge, type FinalDocument, type FinalState, type Verdict } from './judge.ts';

const stateOf = (documents: Readonly<Record<string, Partial<FinalDocument>>>): FinalState =>
  new Map(
    Object.entries(documents).map(([key, document]) => [
      key,
      { _id: key.slice(key.indexOf('/') + 1), deleted: false, ...document },
    ]),
  );

const historyOf = (...events: readonly (readonly [SentOperation, OperationResult?])[]): History => {
  const history = new History();
  for (const [operation, result] of events) {
    if (result === undefined) history.sent(operation);
    else history.acknowledged(operation, result);
  }
  return history;
};

const sizes = ({ lost, duplicated, resurrected }: Verdict): Record<string, number> => ({
  lost: lost.length,
  duplicated: duplicated.length,
  resurrected: resurrected.length,
});
const WELL = { lost: 0, duplicated: 0, resurrected: 0 };
const DONE: OperationResult = { effective: true };

const append = (name: string): SentOperation => ({ name, kind: 'append', target: 'list' });
const count = (name: string): SentOperation => ({ name, kind: 'count', target: 'counter' });
const add: SentOperation = { name: 'a', kind: 'add', target: 'one' };
const remove: SentOperation = { name: 'r', kind: 'remove', target: 'one' };

describe('the judge of the fault tests', () => {
  it('is content with a list in the order that was acknowledged, whatever else is in it', () => {
    const history = historyOf(
      [append('x'), { effective: true, position: 1 }],
      [append('unknown')],
      [append('y'), { effective: true, position: 3 }],
    );
    const state = stateOf({ 'movies/list': { by: ['x', 'unknown', 'y'] } });
    expect(sizes(judge(history, state))).toEqual(WELL);
  });

  it.each([
    ['gone', []],
    ['elsewhere', ['other', 'x']],
  ])('finds an acknowledged append lost that is %s', (_, by) => {
    const history = historyOf([append('x'), { effective: true, position: 1 }]);
    expect(sizes(judge(history, stateOf({ 'movies/list': { by } })))).toEqual({ ...WELL, lost: 1 });
  });

  it('finds what was done twice, acknowledged or not', () => {
    const state = stateOf({ 'movies/list': { by: ['x', 'x'] } });
    expect(sizes(judge(historyOf([append('x')]), state))).toEqual({ ...WELL, duplicated: 1 });
  });

  it('finds a document lost that was added, and one that was deleted by nobody', () => {
    const history = historyOf([add, DONE]);
    expect(sizes(judge(history, stateOf({})))).toEqual({ ...WELL, lost: 1 });
    const deleted = stateOf({ 'movies/one': { by: ['a'], deleted: true } });
    expect(sizes(judge(history, deleted))).toEqual({ ...WELL, lost: 1 });
  });

  it('finds a deleted document that is back, and a tombstone that is gone', () => {
    const history = historyOf([add, DONE], [remove, DONE]);
    const tombstone = stateOf({ 'movies/one': { by: ['a', 'r'], deleted: true } });
    expect(sizes(judge(history, tombstone))).toEqual(WELL);
    const back = judge(history, stateOf({ 'movies/one': { by: ['a'] } }));
    expect(back.resurrected).toHaveLength(1);
    expect(judge(history, stateOf({})).lost).toHaveLength(2);
  });

  it('takes either for a deletion that was sent and not acknowledged', () => {
    const history = historyOf([add, DONE], [remove]);
    for (const document of [{ by: ['a'] }, { by: ['a', 'r'], deleted: true }]) {
      expect(sizes(judge(history, stateOf({ 'movies/one': document })))).toEqual(WELL);
    }
  });

  it.each([
    [1, { ...WELL, lost: 1 }],
    [2, WELL],
    [3, WELL],
    [4, { ...WELL, duplicated: 1 }],
  ])('judges a counter at %d after two acknowledged and three sent', (value, expected) => {
    const history = historyOf(
      [count('x'), { effective: true, position: 1 }],
      [count('y'), { effective: true, position: 2 }],
      [count('z')],
    );
    expect(sizes(judge(history, stateOf({ 'movies/counter': { value } })))).toEqual(expected);
  });

  it('finds two that set the same value: one has overwritten the other', () => {
    const set = (name: string): SentOperation => ({ name, kind: 'set', target: 'register' });
    const history = historyOf(
      [set('x'), { effective: true, position: 0 }],
      [set('y'), { effective: true, position: 0 }],
    );
    const state = stateOf({ 'movies/register': { value: 2, by: ['x', 'y'] } });
    expect(sizes(judge(history, state))).toEqual({ ...WELL, lost: 1 });
  });

  it.each([
    [0, { ...WELL, lost: 1 }],
    [1, WELL],
    [2, { ...WELL, duplicated: 1 }],
  ])('compares a count of %d likes with the likes', (likeCount, expected) => {
    const like: SentOperation = { name: 'l', kind: 'like', target: 'film', handle: 'fan' };
    const state = stateOf({
      'user_interactions/film': { likeCount },
      'user_interactions/film:fan': { liked: true, by: ['l'] },
    });
    expect(sizes(judge(historyOf([like, DONE]), state))).toEqual(expected);
  });
});
