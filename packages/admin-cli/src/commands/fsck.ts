import { z } from 'zod';
import { Finding } from '../answers.ts';
import { takeArguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { table } from '../table.ts';

const Findings = z.looseObject({ findings: z.array(Finding) });
const Repairs = z.looseObject({
  repairs: z.array(z.looseObject({ finding: Finding, action: z.string() })),
});

const cells = ({ kind, cluster, slot, id }: z.output<typeof Finding>): string[] => [
  kind,
  cluster,
  slot === undefined ? '' : String(slot),
  id ?? '',
];

export const fsck: Command = {
  usage: 'fsck [--repair]',
  summary: 'looks through all clusters for what must not be, and mends what can be mended',
  async run({ api, args, flags, print }) {
    takeArguments(args, []);
    if (!flags.repair) {
      const answer = Findings.parse(await api.get('/findings'));
      const { findings } = answer;
      print(answer, () =>
        findings.length === 0
          ? 'clean'
          : table([['WHAT', 'CLUSTER', 'SLOT', 'ID'], ...findings.map(cells)]),
      );
      return findings.length === 0 ? EXIT.done : EXIT.failed;
    }
    const why = flags.why === undefined ? {} : { why: flags.why };
    const answer = Repairs.parse(await api.post('/repairs', why));
    print(answer, () =>
      answer.repairs.length === 0
        ? 'clean'
        : table([
            ['WHAT', 'CLUSTER', 'SLOT', 'ID', 'ACTION'],
            ...answer.repairs.map(({ finding, action }) => [...cells(finding), action]),
          ]),
    );
    return answer.repairs.length === 0 ? EXIT.done : EXIT.failed;
  },
};
