import { z } from 'zod';
import { takeArguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const Answer = z.looseObject({ status: z.string(), version: z.number() });

const set = (status: 'active' | 'paused', usage: string, summary: string): Command => ({
  usage,
  summary,
  async run({ api, args, flags, print }) {
    takeArguments(args, []);
    const why = flags.why === undefined ? {} : { why: flags.why };
    const answer = Answer.parse(await api.put('/automation', { status, ...why }));
    print(answer, () => `automation is ${answer.status} (version ${answer.version})`);
    return EXIT.done;
  },
});

export const pause = set('paused', 'pause [--why TEXT]', 'stops what happens without an order');
export const resume = set('active', 'resume [--why TEXT]', 'lets it happen again');
