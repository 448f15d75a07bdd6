import type { Login, SystemUnderTest } from './system-under-test.ts';

/** Asks the graph beside the pages: to find what to test with, and to change things behind them. */
export const askGraph = async <Data>(
  system: SystemUnderTest,
  query: string,
  variables: Record<string, unknown> = {},
  token?: string,
): Promise<Data> => {
  const response = await fetch(system.gateway, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(`The graph refused: ${JSON.stringify(errors)}`);
  return data;
};

export const loginOf = (system: SystemUnderTest, role: Login['role'], position = 0): Login => {
  const login = system.logins.filter((candidate) => candidate.role === role)[position];
  if (!login) throw new Error(`There is no login ${position} of role ${role}.`);
  return login;
};

export const tokenOf = async (system: SystemUnderTest, login: Login): Promise<string> => {
  const { signIn } = await askGraph<{ signIn: { token: string } }>(
    system,
    'mutation ($handle: String!, $password: String!) { signIn(handle: $handle, password: $password) { token } }',
    { handle: login.handle, password: login.password },
  );
  return signIn.token;
};
