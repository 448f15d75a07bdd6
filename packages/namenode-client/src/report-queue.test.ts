import type { Report } from './name-node-http.ts';
import { ReportQueue } from './report-queue.ts';

const slowSender = () => {
  const sent: Report[] = [];
  const answers: (() => void)[] = [];
  const queue = new ReportQueue((report) => {
    sent.push(report);
    return new Promise((resolve) => answers.push(resolve));
  });
  const answer = async () => {
    answers.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, sent, answer };
};

it('sends one report at a time, and what came meanwhile together', async () => {
  const { queue, sent, answer } = slowSender();
  const first = queue.add({ unreachable: ['a'] });
  const later = [
    queue.add({ unreachable: ['a', 'b'] }),
    queue.add({ behind: [{ slot: 1, cluster: 'c' }] }),
    queue.add({ unreachable: ['b'], behind: [{ slot: 1, cluster: 'c' }] }),
  ];
  expect(sent).toEqual([{ unreachable: ['a'] }]);
  await answer();
  await first;
  expect(sent.slice(1)).toEqual([{ unreachable: ['a', 'b'], behind: [{ slot: 1, cluster: 'c' }] }]);
  await answer();
  await Promise.all(later);
  const last = queue.add({ unreachable: ['d'] });
  expect(sent).toHaveLength(3);
  await answer();
  await last;
});

it('keeps a report as small as the NameNode takes it', async () => {
  const { queue, sent, answer } = slowSender();
  void queue.add({});
  for (let slot = 0; slot < 2_000; slot += 1) {
    void queue.add({ unreachable: [`c${slot}`], behind: [{ slot, cluster: 'c' }] });
  }
  await answer();
  expect(sent[1]?.unreachable).toHaveLength(64);
  expect(sent[1]?.behind).toHaveLength(1_024);
});
