import { EditPage } from '../answers.ts';
import { takeArguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { table } from '../table.ts';

const describe = ({ kind, ...facts }: { kind: string; [fact: string]: unknown }): string =>
  [
    kind,
    ...Object.entries(facts)
      .filter(([, value]) => typeof value !== 'object')
      .map(([name, value]) => `${name}=${String(value)}`),
  ].join(' ');

export const edits: Command = {
  usage: 'edits [--after N] [--limit N]',
  summary: 'what was changed, when, by whom and why',
  async run({ api, args, flags, print }) {
    takeArguments(args, []);
    const query = new URLSearchParams({
      after: flags.after ?? '0',
      limit: flags.limit ?? '1000',
    });
    const page = EditPage.parse(await api.get(`/edits?${query.toString()}`));
    print(page, () =>
      table([
        ['EDIT', 'AT', 'BY', 'WHAT', 'WHY'],
        ...page.edits.map(({ number, atMs, by, why, change }) => [
          String(number),
          new Date(atMs).toISOString(),
          by,
          describe(change),
          why,
        ]),
      ]),
    );
    return EXIT.done;
  },
};
