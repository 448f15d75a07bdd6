import { z } from 'zod';
import { takeArguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { table } from '../table.ts';

const Answer = z.looseObject({
  isRebuilt: z.boolean(),
  deployment: z.string(),
  version: z.number(),
  shards: z.array(
    z.looseObject({
      name: z.string(),
      owner: z.string(),
      slots: z.number(),
      members: z.array(z.looseObject({ cluster: z.string(), status: z.string() })),
    }),
  ),
});

type Answer = z.output<typeof Answer>;

export const rebuildDirectory: Command = {
  usage: 'rebuild-directory [--confirm-deployment ID] [--why TEXT]',
  summary:
    'after the metadata cluster was lost: makes the directory anew from the fences; shown first',
  async run({ api, args, flags, print }) {
    takeArguments(args, []);
    const { confirmDeployment, why } = flags;
    const body = {
      ...(confirmDeployment === undefined ? {} : { confirmDeployment }),
      ...(why === undefined ? {} : { why }),
    };
    const answer = Answer.parse(await api.post('/directory/rebuild', body));
    print(answer, () => `${shardsOf(answer)}\n\n${whatNow(answer)}`);
    return EXIT.done;
  },
};

const shardsOf = ({ shards }: Answer): string =>
  table([
    ['SHARD', 'SLOTS', 'CLUSTER', 'AS'],
    ...shards.flatMap(({ name, owner, slots, members }) =>
      members.map(({ cluster, status }) => [
        name,
        String(slots),
        cluster,
        cluster === owner ? 'owner' : status,
      ]),
    ),
  ]);

const whatNow = ({ isRebuilt, deployment, version }: Answer): string =>
  isRebuilt
    ? `the directory is rebuilt (version ${version}); automation is paused: status, fsck, then resume`
    : `nothing is done yet; if that is right: rebuild-directory --confirm-deployment ${deployment}`;
