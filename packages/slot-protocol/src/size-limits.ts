import { MarqueeError } from '@marquee/errors';
import type { Document } from 'mongodb';
import { storedSizeBytes } from './mongo/stored-forms.ts';

/** Largest document: MongoDB's 16 MiB, less room for what a command adds around it. */
export const DOCUMENT_MAX_BYTES = 16 * 1024 * 1024 - 64 * 1024;

/** Largest result of an operation: it is kept in the record, and in memory until it is pushed. */
export const RESULT_MAX_BYTES = 64 * 1024;

/** @throws DOCUMENT_TOO_LARGE */
export const checkSize = (value: Document, maxBytes: number, facts: object): void => {
  const sizeBytes = storedSizeBytes(value);
  if (sizeBytes <= maxBytes) return;
  throw new MarqueeError('DOCUMENT_TOO_LARGE', { ...facts, sizeBytes, maxBytes });
};
