import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A NameNode on a real port that answers as the test says. */
export interface ScriptedNameNode {
  readonly url: string;
  readonly requests: { method: string; url: string; authorization: string | undefined }[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

export const startScriptedNameNode = async (
  answer: ScriptedNameNode['answer'],
): Promise<ScriptedNameNode> => {
  const node: Omit<ScriptedNameNode, 'url' | 'close'> = { requests: [], answer };
  const server = createServer((request, response) => {
    node.requests.push({
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization,
    });
    request.resume();
    node.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(node, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
};

/** Answers version `version`, whole or as 304 where the caller has it already. */
export const serveMap =
  (
    version: number,
    { deployment = 'd', confirmed = true, delayMs = 0, detectionTimeMs = 3_000 } = {},
  ): ScriptedNameNode['answer'] =>
  (request, response) => {
    const asked = new URL(request.url ?? '', 'http://name-node');
    const known = Number(asked.searchParams.get('after')) === version;
    const headers = {
      'content-type': 'application/json',
      'x-directory-version': String(version),
      'x-directory-confirmed': String(confirmed),
      'x-detection-time-ms': String(detectionTimeMs),
    };
    const map = {
      deployment,
      version,
      shards: [{ name: 'a', owner: 'shard-a', replicas: [], strongReadsOnly: false }],
      slots: [{ from: 0, to: 1023, shard: 'a', epoch: 1 }],
    };
    setTimeout(() => {
      response.writeHead(known ? 304 : 200, headers);
      response.end(known ? undefined : JSON.stringify(map));
    }, delayMs);
  };
