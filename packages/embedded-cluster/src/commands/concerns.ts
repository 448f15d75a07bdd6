import { describeValue } from '../documents/describe-value.ts';
import type { Timestamp } from 'bson';
import { badValue, CommandError, failedToParse } from '../command-error.ts';
import {
  bsonTag,
  type Document,
  documentOf,
  isDocument,
  isNumber,
  toDouble,
} from '../documents/value.ts';

export interface WriteConcern {
  /** Asked for by the client: an election must not undo it. */
  readonly majority: boolean;
  readonly acknowledged: boolean;
  /** Why the write, though done, does not have the concern that was asked for. */
  readonly error: Document | undefined;
  readonly given: boolean;
}

export type ReadConcernLevel = 'local' | 'available' | 'majority' | 'linearizable' | 'snapshot';

export interface ReadConcern {
  readonly level: ReadConcernLevel;
  readonly given: boolean;
  readonly afterClusterTime: Timestamp | undefined;
  readonly atClusterTime: Timestamp | undefined;
}

/** Everything here is journaled, and a write waits for nobody else: `j`, `fsync` and `wtimeout` are met. */
const WRITE_CONCERN_FIELDS = ['w', 'j', 'fsync', 'wtimeout', 'provenance'];
const READ_CONCERN_FIELDS = ['level', 'afterClusterTime', 'atClusterTime', 'provenance'];

const assertFields = (name: string, concern: Document, known: readonly string[]): void => {
  for (const field of concern.keys()) {
    if (!known.includes(field))
      throw new CommandError(40415, `BSON field '${name}.${field}' is an unknown field.`);
  }
};

const NO_WRITE_CONCERN: WriteConcern = {
  majority: false,
  acknowledged: true,
  error: undefined,
  given: false,
};

/** A set with one member: `w` may be 0, 1 or majority. */
export const parseWriteConcern = (body: Document): WriteConcern => {
  const concern = body.get('writeConcern');
  if (concern === undefined) return NO_WRITE_CONCERN;
  if (!isDocument(concern)) throw failedToParse('writeConcern must be an object');
  assertFields('writeConcern', concern, WRITE_CONCERN_FIELDS);
  const w = concern.get('w');
  const base = { majority: false, acknowledged: true, error: undefined, given: true };
  if (w === undefined) return base;
  if (w === 'majority') return { ...base, majority: true };
  if (typeof w === 'string') {
    return {
      ...base,
      error: writeConcernError(
        79,
        'UnknownReplWriteConcern',
        `No write concern mode named '${w}' found in replica set configuration`,
      ),
    };
  }
  if (!isNumber(w)) throw failedToParse('w has to be a number, string, or object');
  const members = toDouble(w);
  if (members < 0 || members > 50)
    throw failedToParse('w has to be a non-negative number and not greater than 50');
  if (members > 1) {
    return {
      ...base,
      error: writeConcernError(100, 'UnsatisfiableWriteConcern', 'Not enough data-bearing nodes'),
    };
  }
  return { ...base, acknowledged: members === 1 };
};

const writeConcernError = (code: number, codeName: string, errmsg: string): Document =>
  documentOf({ code, codeName, errmsg });

const LEVELS: ReadonlySet<string> = new Set([
  'local',
  'available',
  'majority',
  'linearizable',
  'snapshot',
]);

const LOCAL: ReadConcern = {
  level: 'local',
  given: false,
  afterClusterTime: undefined,
  atClusterTime: undefined,
};

export const parseReadConcern = (body: Document): ReadConcern => {
  const concern = body.get('readConcern');
  if (concern === undefined) return LOCAL;
  if (!isDocument(concern)) throw failedToParse('readConcern must be an object');
  assertFields('readConcern', concern, READ_CONCERN_FIELDS);
  const level = concern.get('level') ?? 'local';
  if (typeof level !== 'string' || !LEVELS.has(level)) {
    throw badValue(
      `Enumeration value ${describeValue(level)} for field 'readConcern.level' is not a valid value.`,
    );
  }
  const afterClusterTime = timeOf(concern, 'afterClusterTime');
  const atClusterTime = timeOf(concern, 'atClusterTime');
  if (atClusterTime && level !== 'snapshot') {
    throw new CommandError(
      'InvalidOptions',
      'atClusterTime is only allowed with read concern level snapshot',
    );
  }
  return {
    level: level as ReadConcernLevel,
    given: concern.has('level'),
    afterClusterTime,
    atClusterTime,
  };
};

const timeOf = (concern: Document, field: string): Timestamp | undefined => {
  const time = concern.get(field);
  if (time === undefined) return undefined;
  if (bsonTag(time) !== 'Timestamp')
    throw new CommandError('TypeMismatch', `readConcern.${field} must be a timestamp`);
  return time as Timestamp;
};
