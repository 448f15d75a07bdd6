import { createPageMemory } from './page-memory.ts';

describe('the memory of lists', () => {
  it('forgets the list that was kept longest ago', () => {
    const memory = createPageMemory(2);
    memory.keep('a', 1);
    memory.keep('b', 2);
    memory.keep('a', 3);
    memory.keep('c', 4);
    expect(['a', 'b', 'c'].map((key) => memory.recall(key))).toEqual([3, undefined, 4]);
  });
});
