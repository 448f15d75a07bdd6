const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
/** The file ends in 2011; what is dated later was written with two digits of the year. */
const LAST_SOUND_YEAR = 2011;
/** From here on December 31 also occurs as a real date, so that the year is left as it stands. */
const FIRST_YEAR_OF_REAL_YEAR_ENDS = 1995;

export interface ReleaseDate {
  year?: number;
  releaseDate?: string;
}

/**
 * Reads `Jun 12 1998`; undefined if the text is no such date. Three things are put right:
 * - a century too many (`Nov 21 2046` is 1946);
 * - `Dec 31 1969`, the zero of Unix time, is no date at all;
 * - a bare year was stored as January 1, or as December 31 of the year before by a clock west of
 *   Greenwich: the year is kept (put right), the day is not.
 */
export const readReleaseDate = (raw: string): ReleaseDate | undefined => {
  const match = /^([A-Z][a-z]{2}) (\d{2}) (\d{4})$/.exec(raw);
  const [, monthName = '', day = '', yearText = ''] = match ?? [];
  const month = MONTHS.indexOf(monthName) + 1;
  const written = Number(yearText);
  if (month === 0 || Number(day) < 1 || Number(day) > new Date(written, month, 0).getDate()) {
    return undefined;
  }

  if (written > LAST_SOUND_YEAR && !raw.startsWith('Jan 01')) {
    return dayOf(written - 100, month, day);
  }
  const year = written > LAST_SOUND_YEAR ? written - 100 : written;
  if (raw === 'Dec 31 1969') return {};
  if (raw.startsWith('Dec 31')) {
    return { year: year < FIRST_YEAR_OF_REAL_YEAR_ENDS ? year + 1 : year };
  }
  if (raw.startsWith('Jan 01')) return { year };
  return dayOf(year, month, day);
};

const dayOf = (year: number, month: number, day: string): ReleaseDate => ({
  year,
  releaseDate: `${String(year)}-${String(month).padStart(2, '0')}-${day}`,
});
