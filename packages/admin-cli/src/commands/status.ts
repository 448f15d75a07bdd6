import type { z } from 'zod';
import { ShardList } from '../answers.ts';
import { takeArguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { table } from '../table.ts';

export const status: Command = {
  usage: 'status',
  summary: 'shards with their clusters: who owns, who is in sync, who is well, what is under way',
  async run({ api, args, print }) {
    takeArguments(args, []);
    const list = ShardList.parse(await api.get('/shards'));
    print(list, () => {
      const rows = list.shards.flatMap((shard) =>
        shard.members.map((member) => [
          shard.name,
          member.cluster,
          member.cluster === shard.owner ? 'owner' : 'replica',
          member.quarantine == null ? member.status : `quarantined (${member.quarantine})`,
          member.health,
          member.lag === null ? '?' : String(member.lag),
          member.cluster === shard.owner ? String(shard.slots) : '',
          member.cluster === shard.owner ? notesOf(shard).join(', ') : '',
        ]),
      );
      const heading = ['SHARD', 'CLUSTER', 'ROLE', 'STATUS', 'HEALTH', 'LAG', 'SLOTS', 'NOTES'];
      const { version, leader, automation } = list;
      return `${table([heading, ...rows])}\n\nversion ${version}, leader ${leader ?? 'none'}, automation ${automation}`;
    });
    const isWell = list.shards.every(
      ({ members, safeMode }) =>
        (safeMode === 'over' || safeMode === null) &&
        members.every(
          ({ status: part, health, quarantine }) =>
            part === 'in-sync' && health === 'healthy' && quarantine == null,
        ),
    );
    return isWell ? EXIT.done : EXIT.failed;
  },
};

type Shard = z.output<typeof ShardList>['shards'][number];

const SAFE_MODE_NOTES: Readonly<Record<string, string>> = {
  waiting: 'safe mode: no cluster in sync has reported',
  held: 'safe mode: a fence is newer than the edit log',
};

const notesOf = ({ busyWith, safeMode, strongReadsOnly }: Shard): string[] =>
  [
    busyWith ?? '',
    strongReadsOnly ? 'strong reads only' : '',
    SAFE_MODE_NOTES[safeMode ?? 'over'] ?? '',
  ].filter((note) => note !== '');
