import { MarqueeError } from '@marquee/errors';
import { z } from 'zod';
import { reached, type FetchLike } from './fetch-like.ts';

const SIGN_IN = `mutation SignIn($handle: String!, $password: String!) {
  signIn(handle: $handle, password: $password) { token }
}`;

const Answer = z.object({
  data: z.object({ signIn: z.object({ token: z.string() }).nullable() }).nullish(),
});

/** A person's token, from the graph. @throws UNAUTHENTICATED, NAMENODE_UNAVAILABLE (no answer) */
export const signIn = async (
  fetch: FetchLike,
  gateway: string,
  login: { readonly handle: string; readonly password: string },
): Promise<string> => {
  const { handle, password } = login;
  const body = JSON.stringify({ query: SIGN_IN, variables: { handle, password } });
  const response = await reached(gateway, () =>
    fetch(gateway, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
  );
  const parsed = Answer.safeParse(JSON.parse(await response.text()));
  const token = parsed.success ? parsed.data.data?.signIn?.token : undefined;
  if (token === undefined) throw new MarqueeError('UNAUTHENTICATED', { handle });
  return token;
};
