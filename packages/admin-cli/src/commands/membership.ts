import { z } from 'zod';
import { Operation } from '../answers.ts';
import { takeArguments } from '../arguments.ts';
import { awaitOperations } from '../await-operation.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';

const Answer = z.looseObject({ version: z.number() });

const done = (context: CommandContext, answer: unknown, what: string): ExitCode => {
  const { version } = Answer.parse(answer);
  context.print({ version }, () => `${what} (version ${version})`);
  return EXIT.done;
};

const whyOf = ({ flags }: CommandContext) => (flags.why === undefined ? {} : { why: flags.why });

export const addShard: Command = {
  usage: 'add-shard SHARD OWNER [REPLICA …]',
  summary: 'adds a shard of clusters that are in the clusters file; then rebalance',
  async run(context) {
    const [name, owner, ...replicas] = context.args;
    if (name === undefined || owner === undefined) throw new UsageError('expected SHARD OWNER');
    const body = { name, owner, replicas, ...whyOf(context) };
    return done(context, await context.api.post('/shards', body), `shard ${name} is added`);
  },
};

export const removeShard: Command = {
  usage: 'remove-shard SHARD',
  summary: 'removes a shard that has no slots any more',
  async run(context) {
    const [name] = takeArguments(context.args, ['SHARD']);
    const answer = await context.api.delete(`/shards/${encodeURIComponent(name)}`);
    return done(context, answer, `shard ${name} is removed`);
  },
};

export const addCluster: Command = {
  usage: 'add-cluster SHARD CLUSTER',
  summary: 'adds a replica; it joins by itself when it has everything',
  async run(context) {
    const [shard, cluster] = takeArguments(context.args, ['SHARD', 'CLUSTER']);
    const path = `/shards/${encodeURIComponent(shard)}/clusters`;
    const answer = await context.api.post(path, { cluster, ...whyOf(context) });
    return done(context, answer, `${cluster} is added to ${shard}`);
  },
};

export const removeCluster: Command = {
  usage: 'remove-cluster SHARD CLUSTER',
  summary: 'takes a replica out of a shard for good',
  async run(context) {
    const names = takeArguments(context.args, ['SHARD', 'CLUSTER']);
    const [shard, cluster] = names.map(encodeURIComponent);
    const answer = await context.api.delete(`/shards/${shard}/clusters/${cluster}`);
    return awaitOperations(context, [Operation.parse(answer)]);
  },
};

export const release: Command = {
  usage: 'release CLUSTER --confirm-cluster CLUSTER [--why TEXT]',
  summary: 'ends the quarantine of a cluster: it is used as it is, whatever it has lost',
  async run(context) {
    const [cluster] = takeArguments(context.args, ['CLUSTER']);
    const { confirmCluster } = context.flags;
    if (confirmCluster === undefined) throw new UsageError('expected --confirm-cluster CLUSTER');
    const path = `/clusters/${encodeURIComponent(cluster)}/release`;
    const answer = await context.api.post(path, { confirmCluster, ...whyOf(context) });
    return done(context, answer, `${cluster} is released`);
  },
};

export const configureShard: Command = {
  usage: 'configure-shard SHARD --min-in-sync N [--why TEXT]',
  summary: 'how many clusters must have a write before it is acknowledged; with fewer, writes stop',
  async run(context) {
    const [shard] = takeArguments(context.args, ['SHARD']);
    const minInSync = Number(context.flags.minInSync ?? Number.NaN);
    if (!Number.isInteger(minInSync)) throw new UsageError('expected --min-in-sync N');
    const path = `/shards/${encodeURIComponent(shard)}/configuration`;
    const answer = await context.api.put(path, { minInSync, ...whyOf(context) });
    return done(context, answer, `${shard} keeps ${minInSync} in sync`);
  },
};
