import { readFileSync } from 'node:fs';
import { createUserTokenSigner } from '@marquee/identity';
import type { SubgraphContext, SubgraphDefinition } from '@marquee/subgraph-kit';
import { createUsers, type Users } from './data-sources/users.ts';
import { createPasswordQueues, type PasswordQueues } from './passwords/passwords.ts';
import { createSignInAttempts } from './passwords/sign-in-attempts.ts';
import { resolvers } from './resolvers/index.ts';
import type { Erasures } from './accounts/erasures.ts';
import { createSessionStore } from './sessions/session-store.ts';
import { createSessions, type Sessions } from './sessions/sessions.ts';

/** A request's data sources. */
export interface UsersSources {
  readonly users: Users;
  readonly passwords: PasswordQueues;
  readonly sessions: Sessions;
  readonly erasures: Erasures;
}

export type UsersContext = SubgraphContext<UsersSources>;

export interface UsersSubgraphOptions {
  readonly tokenPrivateKey: Parameters<typeof createUserTokenSigner>[0];
  readonly erasures: Erasures;
}

export const createUsersSubgraph = ({
  tokenPrivateKey,
  erasures,
}: UsersSubgraphOptions): SubgraphDefinition<UsersSources> => {
  // Of the process: limits that each request had for itself would be none.
  const passwords = createPasswordQueues();
  const attempts = createSignInAttempts();
  const tokens = createUserTokenSigner(tokenPrivateKey);
  return {
    name: 'users',
    typeDefs: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
    resolvers,
    startBackground: (services) => erasures.start(services),
    createSources: (scope) => {
      const users = createUsers(scope);
      const sessions = createSessions({
        users,
        passwords,
        attempts,
        store: createSessionStore(scope),
        tokens,
        now: scope.now,
        onUnkept: (err) => scope.logger.warn({ err }, 'a session could not be kept'),
      });
      return { users, passwords, sessions, erasures };
    },
  };
};
