import { repairMacRoman } from './mac-roman.ts';

const TRAILING_ARTICLE = /^(.*), (The|A|An|Das|Der|Die|Le|La|Les|El|Il)$/;
// What tells versions and namesakes apart in the source; here the year does.
const BRACKETED_NOTE = / \((?:\d{4}|IMAX|Theatrical Release|Canadian Release)\)$/;

/** The title as people write it: characters, order and spaces repaired, notes in brackets gone. */
export const cleanTitle = (raw: string): string =>
  repairMacRoman(raw)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(BRACKETED_NOTE, '')
    .replace(TRAILING_ARTICLE, '$2 $1');
