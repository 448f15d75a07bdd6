export { demoLogins, type DemoLogin } from './audience/demo-logins.ts';
export type { DemoCredit, DemoFilm } from './demo-film.ts';
export type { DemoPerson } from './demo-person.ts';
export type { DemoReaction } from './demo-reaction.ts';
export type { DemoUser } from './demo-user.ts';
export { GENRES } from './genre-vocabulary.ts';
export { loadDemoData, type DemoData, type DemoDataOptions } from './load-demo-data.ts';
export { seededRandom } from './seeded-random.ts';
export type { SkippedRow } from './skipped-row.ts';
