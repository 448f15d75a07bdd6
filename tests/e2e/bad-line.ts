import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a client sent on a bad line. */
export interface SentOnBadLine {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * A line to the gateway on which two things go wrong, once each: the first session that is shown has run
 * out, and the connection breaks before the first answer to a like arrives, which is carried out.
 */
export interface BadLine {
  readonly url: string;
  readonly sent: readonly SentOnBadLine[];
  close(): Promise<void>;
}

export const openBadLine = async (gateway: string): Promise<BadLine> => {
  const sent: SentOnBadLine[] = [];
  let sessionsRunOut = 0;
  let answersLost = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      const { query, variables } = JSON.parse(body) as SentOnBadLine;
      sent.push({ query, variables });
      const { authorization, accept = '*/*' } = request.headers;
      const runsOut = authorization !== undefined && sessionsRunOut === 0;
      if (runsOut) sessionsRunOut += 1;
      const answer = await fetch(gateway, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept,
          ...(authorization && { authorization: runsOut ? 'Bearer run-out' : authorization }),
        },
        body,
      });
      const text = await answer.text();
      if (query.includes('likeMovie') && answersLost === 0) {
        answersLost += 1;
        request.socket.destroy();
        return;
      }
      response.statusCode = answer.status;
      response.setHeader('content-type', answer.headers.get('content-type') ?? 'application/json');
      response.end(text);
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    sent,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
};
