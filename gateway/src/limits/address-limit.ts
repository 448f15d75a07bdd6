import { isIPv6 } from 'node:net';
import { MarqueeError } from '@marquee/errors';

/** How often one address may ask for something that is dear, and open to everybody. */
export interface AddressLimits {
  /** At once, after a while without. */
  readonly burstMax: number;
  /** From then on. */
  readonly perMinute: number;
}

/** Addresses remembered; beyond that the one that asked longest ago is forgotten. */
export const ADDRESSES_MAX = 10_000;

interface Allowance {
  readonly left: number;
  readonly atMs: number;
}

/**
 * Bounds what one address may ask for. Kept in the memory of one process: several gateways allow as many
 * times as much.
 */
export interface AddressLimit {
  /** @throws RATE_LIMITED with `retryAfterSeconds`; nothing was taken then. */
  take(address: string, count: number, nowMs: number): void;
}

export const createAddressLimit = ({ burstMax, perMinute }: AddressLimits): AddressLimit => {
  const msPerOne = 60_000 / perMinute;
  const allowances = new Map<string, Allowance>();
  return {
    take: (address, count, nowMs) => {
      const key = networkOf(address);
      const { left, atMs } = allowances.get(key) ?? { left: burstMax, atMs: nowMs };
      const now = Math.min(burstMax, left + Math.max(0, nowMs - atMs) / msPerOne);
      // More than there ever are is let through when all are there, or it never would be.
      const needed = Math.min(count, burstMax);
      if (now < needed) {
        const retryAfterSeconds = Math.ceil(((needed - now) * msPerOne) / 1000);
        throw new MarqueeError('RATE_LIMITED', { retryAfterSeconds });
      }
      // Put at the end: the first entry is always the one that asked longest ago.
      allowances.delete(key);
      allowances.set(key, { left: now - needed, atMs: nowMs });
      for (const oldest of allowances.keys()) {
        if (allowances.size <= ADDRESSES_MAX) break;
        allowances.delete(oldest);
      }
    },
  };
};

/** Of IPv6 the first 64 bits: whoever has one such address has all that begin so. */
const networkOf = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length;
    groups.push(...Array<string>(Math.max(0, 8 - groups.length - after)).fill('0'));
    if (tail !== '') groups.push(...tail.split(':'));
  }
  return groups.slice(0, 4).join(':').toLowerCase();
};
