const HIGH_BYTES_FROM = 128;
const highBytes = Uint8Array.from({ length: 128 }, (_, index) => HIGH_BYTES_FROM + index);
const macRomanByte = new Map(
  Array.from(new TextDecoder('macintosh').decode(highBytes), (character, index) => [
    character,
    HIGH_BYTES_FROM + index,
  ]),
);
// Written out, because Node 20's own decoder takes windows-1252 for Latin 1, which has no
// characters here; the bytes from 160 on are the same in both.
const WINDOWS_1252_FROM_128 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * Undoes a Windows-1252 text that somebody read as Mac Roman: `LÈon` is `Léon` again.
 *
 * Text with a character that Mac Roman does not have (`Alien³`) cannot have come about that way
 * and is returned as it is. Only for text known to be damaged like this: a sound `é` would suffer.
 */
export const repairMacRoman = (text: string): string => {
  let repaired = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const byte = code < HIGH_BYTES_FROM ? code : macRomanByte.get(character);
    if (byte === undefined) return text;
    repaired += WINDOWS_1252_FROM_128[byte - HIGH_BYTES_FROM] ?? String.fromCharCode(byte);
  }
  return repaired;
};
