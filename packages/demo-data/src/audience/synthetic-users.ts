import type { DemoUser } from '../demo-user.ts';
import { demoLogins, type DemoLogin } from './demo-logins.ts';
import { FAMILY_NAMES, GIVEN_NAMES } from './names.ts';

const DAY_MS = 86_400_000;
/** Users joined within this time before `asOf`, but not in its last month. */
const JOINED_WITHIN_DAYS = 900;
const SETTLED_FOR_DAYS = 30;

/** The demo logins and as many made-up people as bring the number to `count`; handles are unique. */
export const makeUsers = (random: () => number, count: number, asOf: Date): DemoUser[] => {
  const joinedAt = (): string => {
    const days = SETTLED_FOR_DAYS + random() * (JOINED_WITHIN_DAYS - SETTLED_FOR_DAYS);
    return new Date(Math.floor(asOf.getTime() - days * DAY_MS)).toISOString();
  };
  const users = demoLogins.map((login) => fromLogin(login, joinedAt()));
  const handles = new Set(users.map((user) => user.handle));
  const target = Math.min(count, GIVEN_NAMES.length * FAMILY_NAMES.length);
  while (users.length < target) {
    const given = pick(GIVEN_NAMES, random);
    const family = pick(FAMILY_NAMES, random);
    const handle = `${given}.${family}`.toLowerCase();
    if (handles.has(handle)) continue;
    handles.add(handle);
    users.push({
      handle,
      displayName: `${given} ${family}`,
      email: `${handle}@example.org`,
      role: 'USER',
      joinedAt: joinedAt(),
      synthetic: true,
    });
  }
  return users;
};

const fromLogin = ({ handle, password, role }: DemoLogin, joinedAt: string): DemoUser => ({
  handle,
  displayName: handle.charAt(0).toUpperCase() + handle.slice(1),
  email: `${handle}@example.com`,
  role,
  joinedAt,
  synthetic: true,
  password,
});

const pick = (names: readonly string[], random: () => number): string =>
  names[Math.floor(random() * names.length)] ?? '';
