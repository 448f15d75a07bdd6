import { ReadBudget } from './read-budget.ts';

describe('ReadBudget', () => {
  it('leaves something for calls that follow one which has used all that it got', () => {
    let nowMs = 50;
    const budget = new ReadBudget(2_000, () => nowMs);
    const used: number[] = [];
    for (let call = 0; call < 3; call += 1) {
      const shareMs = budget.shareMs();
      used.push(shareMs);
      nowMs += shareMs;
    }
    expect(used).toEqual([1_400, 420, 125]);
    expect(nowMs - 50).toBeLessThanOrEqual(2_000);
  });

  it('gives a chance even when it is spent, and begins again after a write', () => {
    let nowMs = 0;
    const budget = new ReadBudget(1_000, () => nowMs);
    nowMs = 5_000;
    expect(budget.shareMs()).toBe(100);
    budget.restart();
    expect(budget.shareMs()).toBe(700);
  });
});
