import type { Command } from '../command.ts';
import { pause, resume } from './automation.ts';
import { edits } from './edits.ts';
import { fsck } from './fsck.ts';
import { locate } from './locate.ts';
import {
  addCluster,
  addShard,
  configureShard,
  release,
  removeCluster,
  removeShard,
} from './membership.ts';
import { cancel, operations } from './operations.ts';
import { failover, join, migrate, uncleanFailover } from './orders.ts';
import { rebalance } from './rebalance.ts';
import { rebuildDirectory } from './rebuild-directory.ts';
import { status } from './status.ts';

/** Every command, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  status,
  locate,
  edits,
  operations,
  cancel,
  failover,
  'unclean-failover': uncleanFailover,
  join,
  migrate,
  rebalance,
  'add-shard': addShard,
  'remove-shard': removeShard,
  'add-cluster': addCluster,
  'remove-cluster': removeCluster,
  release,
  'configure-shard': configureShard,
  pause,
  resume,
  fsck,
  'rebuild-directory': rebuildDirectory,
};
