import type { Endpoints } from '../e2e/running-system.ts';

/** Longer than any deadline of the system: who waits longer has been forgotten. */
const ANSWER_MAX_MS = 20_000;

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** Asks the graph as somebody. @throws an Error for an answer with errors, and for none. */
export class GraphUser {
  readonly handle: string;
  readonly token: string;
  readonly #gateway: string;

  private constructor(gateway: string, handle: string, token: string) {
    this.#gateway = gateway;
    this.handle = handle;
    this.token = token;
  }

  static async signIn(
    { gateway }: Endpoints,
    { handle, password }: Endpoints['logins'][number],
  ): Promise<GraphUser> {
    const nobody = new GraphUser(gateway, handle, '');
    const { signIn } = await nobody.ask<{ signIn: { token: string } }>(
      `mutation ($handle: String!, $password: String!) {
        signIn(handle: $handle, password: $password) { token } }`,
      { handle, password },
    );
    return new GraphUser(gateway, handle, signIn.token);
  }

  async ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const response = await fetch(this.#gateway, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(ANSWER_MAX_MS),
    });
    const { data, errors = [] } = (await response.json()) as Answer<Data>;
    const [error] = errors;
    if (error !== undefined) throw new Error(error.message);
    if (data === undefined || data === null) throw new Error(`status ${response.status}`);
    return data;
  }
}
