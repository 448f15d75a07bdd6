/**
 * A UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits. The graph orders
 * operations by it and runs each id once.
 */
export const createOperationId = (
  nowMs: number,
  fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void,
): string => {
  const bytes = new Uint8Array(16);
  fillRandom(bytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(nowMs / 2 ** 32));
  view.setUint32(2, nowMs % 2 ** 32);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

export const newOperationId = (): string =>
  createOperationId(Date.now(), (bytes) => crypto.getRandomValues(bytes));

/**
 * The id for a form that may be sent several times: the same as long as its contents are the same
 * and no answer has settled it, so that pressing "Save" again after a lost answer saves once.
 */
export interface OperationIds {
  idFor(contents: unknown): string;
  settle(): void;
}

export const createOperationIds = (newId: () => string = newOperationId): OperationIds => {
  let pending: { contents: string; id: string } | undefined;
  return {
    idFor: (contents) => {
      const text = JSON.stringify(contents);
      if (pending?.contents !== text) pending = { contents: text, id: newId() };
      return pending.id;
    },
    settle: () => {
      pending = undefined;
    },
  };
};
