import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';

/** Who listens on a TCP port, as far as Linux's /proc tells; undefined elsewhere or without rights. */
export const portHolder = (port: number): { pid: number; command: string } | undefined => {
  try {
    const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(table, port)));
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (holdsSocket(pid, inodes)) {
        const command = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
        return { pid: Number(pid), command };
      }
    }
  } catch {
    // No /proc: the port is taken all the same, only by whom stays open.
  }
  return undefined;
};

const listeningInodes = (table: string, port: number): string[] => {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(`/proc/net/${table}`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${hexPort}`) && columns[3] === LISTENING)
    .map((columns) => `socket:[${columns[9] ?? ''}]`);
};

const holdsSocket = (pid: string, inodes: ReadonlySet<string>): boolean => {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((fd) => {
      try {
        return inodes.has(readlinkSync(`${folder}/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
};
