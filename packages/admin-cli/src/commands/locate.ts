import { Location } from '../answers.ts';
import { takeArguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const locate: Command = {
  usage: 'locate COLLECTION KEY',
  summary: 'which slot, shard and clusters a key belongs to',
  async run({ api, args, print }) {
    const [collection, key] = takeArguments(args, ['COLLECTION', 'KEY']);
    const path = [collection, key].map(encodeURIComponent).join('/');
    const found = Location.parse(await api.get(`/locate/${path}`));
    print(found, () => {
      const { slot, shard, owner, replicas, epoch } = found;
      return `${collection}/${key}: slot ${slot}, shard ${shard}, owner ${owner}, replicas ${replicas.join(', ') || 'none'}, epoch ${epoch}`;
    });
    return EXIT.done;
  },
};
