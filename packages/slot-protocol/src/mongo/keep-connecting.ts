import type { MongoClient } from 'mongodb';

/** Between two attempts to connect; each of them takes as long as the driver waits for a primary. */
const PAUSE_MS = 200;

/**
 * Makes a client connect again when its first attempt has failed: the driver (7.9) closes its topology
 * then and answers `Topology is closed` for ever, so a process that starts while a cluster is down would
 * never find it. Answers what closes the client; the client's own `close` would be taken for a failure.
 */
export const keepConnecting = (client: MongoClient): (() => Promise<void>) => {
  let isClosed = false;
  let isConnecting = false;
  let timer: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    isConnecting = true;
    try {
      await client.connect();
      // It may have been closed meanwhile, and a client that connects is open again.
      if (isClosed) await client.close();
    } catch {
      later();
    } finally {
      isConnecting = false;
    }
  };
  const later = (): void => {
    if (isClosed) return;
    timer = setTimeout(() => void connect(), PAUSE_MS);
    timer.unref();
  };
  client.on('topologyClosed', () => {
    if (!isConnecting) later();
  });
  return async () => {
    isClosed = true;
    clearTimeout(timer);
    await client.close();
  };
};
