import type { Mutant } from './mutant.ts';
import { SLOT_PROTOCOL_MUTANTS } from './slot-protocol.ts';

export const MUTANTS: readonly Mutant[] = [...SLOT_PROTOCOL_MUTANTS];
