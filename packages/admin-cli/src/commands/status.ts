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
          [shard.busyWith ?? '', shard.strongReadsOnly ? 'strong reads only' : '']
            .filter((note) => note !== '' && member.cluster === shard.owner)
            .join(', '),
        ]),
      );
      const heading = ['SHARD', 'CLUSTER', 'ROLE', 'STATUS', 'HEALTH', 'LAG', 'SLOTS', 'NOTES'];
      const { version, leader, automation } = list;
      return `${table([heading, ...rows])}\n\nversion ${version}, leader ${leader ?? 'none'}, automation ${automation}`;
    });
    const isWell = list.shards.every(({ members }) =>
      members.every(
        ({ status: part, health, quarantine }) =>
          part === 'in-sync' && health === 'healthy' && quarantine == null,
      ),
    );
    return isWell ? EXIT.done : EXIT.failed;
  },
};
