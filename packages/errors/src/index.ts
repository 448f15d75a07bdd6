export { CATALOGUE, isErrorCode, type CatalogueEntry, type ErrorCode } from './catalogue.ts';
export { codeOf, hasCode, MarqueeError, type ErrorFacts } from './marquee-error.ts';
export { toProblem, type Problem } from './problem.ts';
