import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Where the service listens; null while it does not. */
export const listeningUrl = (app: FastifyInstance): string | null => {
  const address = app.server.address() as AddressInfo | null;
  if (address === null) return null;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${String(address.port)}`;
};
