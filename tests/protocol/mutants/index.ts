import type { Mutant } from './mutant.ts';
import { NAME_NODE_MUTANTS } from './name-node.ts';
import { ROUTER_MUTANTS } from './router.ts';
import { SLOT_PROTOCOL_MUTANTS } from './slot-protocol.ts';

export const MUTANTS: readonly Mutant[] = [
  ...SLOT_PROTOCOL_MUTANTS,
  ...ROUTER_MUTANTS,
  ...NAME_NODE_MUTANTS,
];
