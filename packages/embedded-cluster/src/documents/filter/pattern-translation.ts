import { CommandError } from '../../command-error.ts';

/*
 * MongoDB runs PCRE2 with UTF and without UCP. JavaScript's `u` syntax rejects what it does not know,
 * but some constructs exist in both with different meanings; those are rewritten here ($, ^, ., \s,
 * \v, character classes), and what has no equal is refused: a wrong match would be a wrong answer.
 */

export interface PatternFlags {
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
}

const START = '(?<![\\s\\S])';
const END = '(?![\\s\\S])';
const END_OR_LAST_NEWLINE = `(?=\\n?${END})`;

/** Escapes that mean a set, as the inside of a class. */
const SETS: Readonly<Record<string, string>> = {
  d: '0-9',
  w: '0-9A-Za-z_',
  s: '\\t-\\r\\x20',
  h: '\\t\\x20\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  v: '\\n-\\r\\x85\\u2028\\u2029',
};

const POSIX_SETS: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\t-\\r\\x20',
  blank: '\\t\\x20',
  xdigit: '0-9A-Fa-f',
  word: '0-9A-Za-z_',
  punct: '!-\\/:-@\\[-`\\{-~',
};

const CONTROLS: Readonly<Record<string, string>> = {
  n: '\\n',
  r: '\\r',
  t: '\\t',
  f: '\\f',
  a: '\\x07',
  e: '\\x1b',
};

const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;
const GROUP_START = /^\((?:\?(?:[:=!]|<[=!]|<[A-Za-z_]\w*>))?/;
const GENERAL_CATEGORY = /^\{\^?[CLMNPSZ][a-z]?\}/;

const refused = (what: string): CommandError =>
  new CommandError(51091, `Regular expression is invalid: ${what} is not supported`);

const literal = (char: string): string => (/[\^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char);

/** Inside a class a hyphen that was escaped must stay so. */
const literalInClass = (char: string): string => (char === '-' ? '\\-' : literal(char));

export function translatePattern(
  pattern: string,
  flags: PatternFlags,
): { source: string; prefix: string } {
  return new PatternTranslation(pattern, flags).run();
}

class PatternTranslation {
  readonly #pattern: string;
  readonly #flags: PatternFlags;
  #position = 0;
  #source = '';
  /** Literal text since the anchor; closed as soon as anything else comes. */
  #prefix: string[] = [];
  #prefixIsOpen = false;
  #sawAlternative = false;

  constructor(pattern: string, flags: PatternFlags) {
    this.#pattern = pattern;
    this.#flags = flags;
  }

  run(): { source: string; prefix: string } {
    while (this.#position < this.#pattern.length) this.#step();
    return { source: this.#source, prefix: this.#sawAlternative ? '' : this.#prefix.join('') };
  }

  get #rest(): string {
    return this.#pattern.slice(this.#position);
  }

  #emit(source: string, consumed: number): void {
    this.#prefixIsOpen = false;
    this.#source += source;
    this.#position += consumed;
  }

  #emitLiteral(char: string, consumed: number): void {
    if (this.#prefixIsOpen) this.#prefix.push(char);
    this.#source += literal(char);
    this.#position += consumed;
  }

  #step(): void {
    const char = String.fromCodePoint(this.#pattern.codePointAt(this.#position) ?? 0);
    switch (char) {
      case '\\':
        this.#escape();
        return;
      case '^':
        this.#startAnchor();
        return;
      case '$':
        this.#emit(this.#flags.multiline ? `(?=\\n|${END})` : END_OR_LAST_NEWLINE, 1);
        return;
      case '.':
        this.#emit(this.#flags.dotAll ? '[\\s\\S]' : '[^\\n]', 1);
        return;
      case '[':
        this.#class();
        return;
      case '|':
        this.#sawAlternative = true;
        this.#emit('|', 1);
        return;
      case ')':
        this.#emit(')', 1);
        return;
      case '(':
        this.#group();
        return;
      case '*':
      case '+':
      case '?':
      case '{':
        this.#quantifier(char);
        return;
      default:
        this.#plain(char);
    }
  }

  #plain(char: string): void {
    if (this.#flags.extended && /^[ \t-\r]$/.test(char)) {
      this.#position += 1;
    } else if (this.#flags.extended && char === '#') {
      const end = this.#pattern.indexOf('\n', this.#position);
      this.#position = end < 0 ? this.#pattern.length : end + 1;
    } else {
      this.#emitLiteral(char, char.length);
    }
  }

  #startAnchor(): void {
    if (this.#flags.multiline) {
      this.#emit(`(?:${START}|(?<=\\n)(?=[\\s\\S]))`, 1);
      return;
    }
    const isFirst = this.#source === '';
    this.#emit(START, 1);
    this.#prefixIsOpen = isFirst;
  }

  #group(): void {
    const start = GROUP_START.exec(this.#rest)?.[0] ?? '(';
    if (start === '(' && /^\([?*]/.test(this.#rest)) {
      throw refused(`'${this.#rest.slice(0, 4)}'`);
    }
    this.#emit(start, start.length);
  }

  #quantifier(char: string): void {
    const text = QUANTIFIER.exec(this.#rest)?.[0];
    if (text === undefined) {
      // PCRE takes a brace that starts no quantifier literally.
      if (/^\{,\d*\}/.test(this.#rest)) throw refused("'{,n}'");
      this.#emitLiteral(char, 1);
      return;
    }
    if (this.#rest[text.length] === '+' && !text.endsWith('?')) {
      throw refused('a possessive quantifier');
    }
    // The character before it may be repeated, so it is no certain part of the prefix.
    if (this.#prefixIsOpen) this.#prefix.pop();
    this.#emit(text, text.length);
  }

  #escape(): void {
    const char = this.#pattern[this.#position + 1];
    if (char === undefined) throw refused('a backslash at the end');
    switch (char) {
      case 'A': {
        const isFirst = this.#source === '';
        this.#emit(START, 2);
        this.#prefixIsOpen = isFirst;
        return;
      }
      case 'z':
        this.#emit(END, 2);
        return;
      case 'Z':
        this.#emit(END_OR_LAST_NEWLINE, 2);
        return;
      case 'b':
      case 'B':
        this.#emit(`\\${char}`, 2);
        return;
      case 'Q':
        this.#quoted();
        return;
      case 'E':
        this.#position += 2;
        return;
      case 'N':
        this.#emit('[^\\n]', 2);
        return;
      default:
        this.#escapeOutsideClass(char);
    }
  }

  #quoted(): void {
    const start = this.#position + 2;
    const found = this.#pattern.indexOf('\\E', start);
    const end = found < 0 ? this.#pattern.length : found;
    for (const char of this.#pattern.slice(start, end)) this.#emitLiteral(char, 0);
    this.#position = Math.min(end + 2, this.#pattern.length);
  }

  #escapeOutsideClass(char: string): void {
    const lower = char.toLowerCase();
    const set = SETS[lower];
    if (set !== undefined) {
      this.#emit(char === lower ? `[${set}]` : `[^${set}]`, 2);
      return;
    }
    const { source, consumed, plain } = this.#commonEscape(char);
    if (plain === undefined) this.#emit(source, consumed);
    else this.#emitLiteral(plain, consumed);
  }

  /** Escapes that mean one character, or a Unicode category, inside a class as outside. */
  #commonEscape(char: string): { source: string; consumed: number; plain?: string } {
    const control = CONTROLS[char];
    if (control !== undefined) return { source: control, consumed: 2 };
    const after = this.#pattern.slice(this.#position + 2);
    if (char === 'x') {
      const hex = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(after);
      if (hex) return { source: `\\u{${hex[1] ?? hex[2] ?? ''}}`, consumed: 2 + hex[0].length };
    }
    if (char === 'p' || char === 'P') {
      const category = GENERAL_CATEGORY.exec(after)?.[0];
      if (category !== undefined && !category.includes('^')) {
        return { source: `\\${char}${category}`, consumed: 2 + category.length };
      }
    }
    if (/[0-9A-Za-z]/.test(char)) throw refused(`'\\${char}'`);
    const whole = String.fromCodePoint(this.#pattern.codePointAt(this.#position + 1) ?? 0);
    return { source: literal(whole), consumed: 1 + whole.length, plain: whole };
  }

  #class(): void {
    let source = '[';
    this.#position += 1;
    if (this.#pattern[this.#position] === '^') {
      source += '^';
      this.#position += 1;
    }
    let isFirst = true;
    for (;;) {
      const char = this.#pattern.codePointAt(this.#position);
      if (char === undefined) throw refused('a character class without an end');
      const text = String.fromCodePoint(char);
      // A bracket right after the opening one is literal in PCRE.
      if (text === ']' && !isFirst) break;
      source += this.#classItem(text);
      isFirst = false;
    }
    this.#emit(`${source}]`, 1);
  }

  #classItem(text: string): string {
    if (text === '[') {
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.#rest);
      if (posix) {
        const set = POSIX_SETS[posix[2] ?? ''];
        if (set === undefined || posix[1] !== '') throw refused(`'${posix[0]}'`);
        this.#position += posix[0].length;
        return set;
      }
      if (/^\[[.=]/.test(this.#rest)) throw refused('a collating element');
    }
    if (text !== '\\') {
      this.#position += text.length;
      return text === '-' ? '-' : literal(text);
    }
    return this.#classEscape(this.#pattern[this.#position + 1] ?? '');
  }

  #classEscape(char: string): string {
    const set = SETS[char];
    if (set !== undefined) {
      this.#position += 2;
      return set;
    }
    if (char === 'D' || char === 'W') {
      this.#position += 2;
      return `\\${char}`;
    }
    if (char === 'b') {
      this.#position += 2;
      return '\\x08';
    }
    const { source, consumed, plain } = this.#commonEscape(char);
    this.#position += consumed;
    return plain === undefined ? source : literalInClass(plain);
  }
}
