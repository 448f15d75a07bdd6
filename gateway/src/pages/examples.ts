import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whose token an example needs. */
export type SignedInAs = 'nobody' | 'user' | 'admin';

/** One operation of the gallery, which runs as it is. */
export interface Example {
  readonly name: string;
  /** A sentence or two for whoever chooses. */
  readonly about: string;
  readonly signedInAs: SignedInAs;
  readonly query: string;
}

const SIGNED_IN_AS = /^# Signed in as: (nobody|user|admin)$/m;

/**
 * The gallery: every `.graphql` file of the folder, by name. Each begins with comments that say what it
 * is for, the last of them `# Signed in as: nobody`, `user` or `admin`.
 *
 * @throws TypeError that names a file without that line.
 */
export const readExamples = (folder: string): Example[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => {
      const query = readFileSync(join(folder, file), 'utf8');
      const line = SIGNED_IN_AS.exec(query);
      if (line === null) throw new TypeError(`${file}: no line \`# Signed in as: …\``);
      const about = query.slice(0, line.index).replace(/^# ?/gm, '').replace(/\s+/g, ' ').trim();
      return {
        name: file.replace(/\.graphql$/, ''),
        about,
        signedInAs: line[1] as SignedInAs,
        query,
      };
    });
