export type PathParams = Readonly<Record<string, string>>;

/**
 * The parameters of a path that fits a pattern such as `/movies/:id`, or undefined if it does not
 * fit. A slash at the end makes no difference; a parameter is one non-empty segment, decoded.
 */
export const matchPath = (pattern: string, path: string): PathParams | undefined => {
  const expected = segmentsOf(pattern);
  const actual = segmentsOf(path);
  if (expected.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [position, wanted] of expected.entries()) {
    const segment = actual[position] ?? '';
    if (!wanted.startsWith(':')) {
      if (wanted !== segment) return undefined;
      continue;
    }
    const value = decode(segment);
    if (value === undefined) return undefined;
    params[wanted.slice(1)] = value;
  }
  return params;
};

const segmentsOf = (path: string): readonly string[] => path.split('/').filter(Boolean);

const decode = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};
