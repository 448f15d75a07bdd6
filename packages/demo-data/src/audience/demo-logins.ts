/** A login that everybody may use: its password is public and meant for demonstrations only. */
export interface DemoLogin {
  handle: string;
  password: string;
  role: 'USER' | 'ADMIN';
}

const HANDLES = [
  'alice',
  'bob',
  'carol',
  'dave',
  'erin',
  'frank',
  'grace',
  'heidi',
  'ivan',
  'judy',
] as const;

/** The logins of the demo data, the administrator last. Every one is among the users. */
export const demoLogins: readonly DemoLogin[] = [
  ...HANDLES.map((handle): DemoLogin => ({ handle, password: 'marquee-demo', role: 'USER' })),
  { handle: 'admin', password: 'marquee-admin', role: 'ADMIN' },
];
