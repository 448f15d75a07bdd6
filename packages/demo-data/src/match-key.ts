import { fold } from './slug.ts';

/** Titles with the same key are the same title: case, accents, punctuation and a leading article do not count. */
export const matchKey = (title: string): string =>
  fold(title)
    .replace(/^(?:the|an?) /, '')
    .replaceAll('&', 'and')
    .replace(/[^\p{L}\p{N}]/gu, '');
