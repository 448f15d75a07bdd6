import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/**
 * What somebody who relies on `released` would find broken in `current`, each change in words with the
 * path of what changed. Additions and deprecations are none. Both are SDL.
 */
export const breakingChanges = async (released: string, current: string): Promise<string[]> => {
  const changes = await diff(buildSchema(released), buildSchema(current));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ path, message }) => `${path ?? 'schema'}: ${message}`);
};
