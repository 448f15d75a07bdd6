/** One figure of a benchmark, and what it should be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Whether the figure is what it should be. */
export const isMet = ({ value, atLeast = -Infinity, atMost = Infinity }: Figure): boolean =>
  value >= atLeast && value <= atMost;

/** `name value unit (wanted: ≥ 5)` for people. */
export const toldFigure = (figure: Figure): string => {
  const { atLeast, atMost } = figure;
  const wanted = [
    ...(atLeast === undefined ? [] : [`≥ ${atLeast}`]),
    ...(atMost === undefined ? [] : [`≤ ${atMost}`]),
  ].join(', ');
  return `${briefFigure(figure)}${wanted === '' ? '' : `  (wanted: ${wanted}${isMet(figure) ? '' : ', MISSED'})`}`;
};

/** `name value unit`, for the last line. */
export const briefFigure = ({ name, value, unit }: Figure): string =>
  `${name} ${value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0, useGrouping: false })} ${unit}`;
