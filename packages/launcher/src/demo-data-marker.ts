import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterSet } from './engines/cluster-set.ts';

const path = (dataDir: string): string => join(dataDir, 'demo-data.loaded');

type Identified = Pick<ClusterSet, 'dataIdentity'>;

const fingerprint = ({ dataIdentity }: Identified): string =>
  createHash('sha256')
    .update([...dataIdentity].sort().join('\n'))
    .digest('hex');

/** Whether the demo data was loaded, whole, into these very clusters. Loading twice does no harm. */
export const isDemoDataLoaded = (dataDir: string, clusters: Identified): boolean => {
  try {
    return readFileSync(path(dataDir), 'utf8') === fingerprint(clusters);
  } catch {
    return false;
  }
};

export const markDemoDataLoaded = (dataDir: string, clusters: Identified): void =>
  writeFileSync(path(dataDir), fingerprint(clusters), { mode: 0o600 });
