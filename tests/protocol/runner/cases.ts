import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WalkPlan } from '../walk/walk-plan.ts';

/** A walk that once failed, with what was wrong then: repeated in every run. */
export interface Case {
  readonly name: string;
  readonly wrong: string;
  readonly plan: WalkPlan;
}

export const readCases = (folder: string): Case[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.json'.length),
      ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<Case, 'name'>),
    }));

/** Keeps a case; its file is for people to name after what was wrong. */
export const keepCase = (folder: string, { name, ...content }: Case): string => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
};
