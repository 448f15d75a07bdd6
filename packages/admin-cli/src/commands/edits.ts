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
  summary: 'what was changed, when, by whom and why: the newest, or what came after N',
  async run({ api, args, flags, print }) {
    takeArguments(args, []);
    const query = new URLSearchParams({
      ...(flags.after === undefined ? {} : { after: flags.after }),
      limit: flags.limit ?? '100',
    });
    const page = EditPage.parse(await api.get(`/edits?${query.toString()}`));
    const more = page.next === null ? '' : `\n\nmore: --after ${page.next}`;
    print(
      page,
      () =>
        `${table([
          ['EDIT', 'AT', 'BY', 'WHAT', 'WHY'],
          ...page.edits.map(({ number, atMs, by, why, change }) => [
            String(number),
            new Date(atMs).toISOString(),
            by,
            describe(change),
            why,
          ]),
        ])}${more}`,
    );
    return EXIT.done;
  },
};
