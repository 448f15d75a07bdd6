/** `2 h 16 min`, `45 min`, `2 h`. */
export const runtimeText = (minutes: number): string => {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours > 0 && `${String(hours)} h`, rest > 0 && `${String(rest)} min`]
    .filter(Boolean)
    .join(' ');
};

/** The day of a `YYYY-MM-DD`, whatever the time zone; as it stands if it is no date. */
export const dayText = (date: string): string => {
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(time) ? date : DAY.format(time);
};

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** The English names of ISO codes; a code that has none stands for itself. */
export const namesOf = (codes: readonly string[], type: 'language' | 'region'): string =>
  codes.map((code) => nameOf(code, type)).join(', ');

const NAMES = {
  language: new Intl.DisplayNames(['en'], { type: 'language' }),
  region: new Intl.DisplayNames(['en'], { type: 'region' }),
};

const nameOf = (code: string, type: 'language' | 'region'): string => {
  try {
    return NAMES[type].of(code) ?? code;
  } catch {
    return code;
  }
};
