import type { Endpoints } from './running-system.ts';

export interface GraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly [fact: string]: unknown };
}

export interface GraphAnswer {
  readonly status: number;
  // Tests look into answers of every shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any;
  readonly errors: readonly GraphError[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly extensions: any;
}

/** What the suites ask of a film. */
export interface Film {
  readonly id: string;
  readonly title: string;
  readonly likeCount: number;
  readonly dislikeCount: number;
  readonly viewerReaction: 'LIKE' | 'DISLIKE' | null;
  readonly credits: {
    readonly nodes: readonly { readonly person: { readonly name: string } }[];
  };
}

/** Somebody who asks the graph. */
export interface GraphClient {
  send(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<GraphAnswer>;
  /** The data of an answer without errors. */
  ask(query: string, variables?: Record<string, unknown>): Promise<GraphAnswer['data']>;
}

export const anonymous = (
  endpoints: Pick<Endpoints, 'gateway'>,
  identity: Record<string, string> = {},
): GraphClient => {
  const send: GraphClient['send'] = async (query, variables = {}, headers = {}) => {
    const response = await fetch(endpoints.gateway, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...identity, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors = [], extensions } = (await response.json()) as Partial<GraphAnswer>;
    return { status: response.status, data, errors, extensions };
  };
  return {
    send,
    ask: async (query, variables) => {
      const { data, errors } = await send(query, variables);
      expect(errors).toEqual([]);
      return data;
    },
  };
};

/** One of the demo logins, signed in. */
export const signedIn = async (
  endpoints: Pick<Endpoints, 'gateway' | 'logins'>,
  who: { readonly role: 'USER' | 'ADMIN'; readonly nth?: number },
): Promise<GraphClient & { readonly handle: string }> => {
  const { handle, password } = endpoints.logins.filter(({ role }) => role === who.role)[
    who.nth ?? 0
  ]!;
  const { signIn } = await anonymous(endpoints).ask(
    `mutation ($handle: String!, $password: String!) {
      signIn(handle: $handle, password: $password) { token viewer { id role } } }`,
    { handle, password },
  );
  expect(signIn.viewer).toEqual({ id: handle, role: who.role });
  return { handle, ...anonymous(endpoints, { authorization: `Bearer ${signIn.token}` }) };
};
