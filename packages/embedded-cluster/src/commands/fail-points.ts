import { badValue, failedToParse } from '../command-error.ts';
import {
  type Document,
  isDocument,
  isNumber,
  isTruthy,
  toDouble,
  type Value,
} from '../documents/value.ts';

/** What a `failCommand` that was hit asks for. */
export interface InjectedFailure {
  readonly closeConnection: boolean;
  readonly blockMs: number;
  readonly errorCode: number | undefined;
  readonly errorLabels: readonly string[] | undefined;
  readonly writeConcernError: Document | undefined;
}

interface FailPoint {
  timesLeft: number;
  skipLeft: number;
  readonly data: Document;
}

/** The names that MongoDB's driver tests set; only these do anything. */
const KNOWN = new Set([
  'failCommand',
  'failGetMoreAfterCursorCheckout',
  'onPrimaryTransactionalWrite',
]);

/** What of MongoDB's `failCommand` means something here; asking for anything else is an error, not ignored. */
const DATA_FIELDS: ReadonlySet<string> = new Set([
  'failCommands',
  'appName',
  'namespace',
  'errorCode',
  'errorLabels',
  'closeConnection',
  'blockConnection',
  'blockTimeMS',
  'writeConcernError',
  'failBeforeCommitExceptionCode',
]);

/** Flags that say what this engine does anyway where they are off. */
const OFF_FIELDS: ReadonlySet<string> = new Set([
  'failInternalCommands',
  'failLocalClients',
  'failAllCommands',
]);

/** What a command is, as far as a fail point may ask. */
export interface Hit {
  readonly command: string;
  readonly alias: string;
  readonly applicationName: string | undefined;
  readonly namespace: string | undefined;
}

/** Test-only: makes chosen commands fail in chosen ways, as MongoDB's `configureFailPoint` does. */
export class FailPoints {
  readonly #points = new Map<string, FailPoint>();

  configure(name: string, mode: Value, data: Document): void {
    if (!KNOWN.has(name)) throw failedToParse(`${name} is not a fail point of this engine`);
    for (const [field, value] of data) {
      if (!DATA_FIELDS.has(field) && !(OFF_FIELDS.has(field) && !isTruthy(value)))
        throw failedToParse(`data.${field} is not supported by this engine`);
    }
    if (mode === 'off') {
      this.#points.delete(name);
    } else if (mode === 'alwaysOn') {
      this.#points.set(name, { timesLeft: Infinity, skipLeft: 0, data });
    } else if (isDocument(mode) && mode.size === 1 && (mode.has('times') || mode.has('skip'))) {
      this.#points.set(name, {
        timesLeft: countIn(mode, 'times') ?? Infinity,
        skipLeft: countIn(mode, 'skip') ?? 0,
        data,
      });
    } else {
      throw badValue('mode must be off, alwaysOn, {times: n} or {skip: n}');
    }
  }

  get active(): boolean {
    return this.#points.size > 0;
  }

  hitCommand({ command, alias, applicationName, namespace }: Hit): InjectedFailure | undefined {
    const data = this.#hit('failCommand', (point) => {
      const commands = point.get('failCommands');
      const wantedName = point.get('appName');
      const wantedNamespace = point.get('namespace');
      return (
        Array.isArray(commands) &&
        (commands.includes(command) || commands.includes(alias)) &&
        (wantedName === undefined || wantedName === applicationName) &&
        (wantedNamespace === undefined || wantedNamespace === namespace)
      );
    });
    if (data) return failureOf(data);
    return command === 'getMore' ? this.#named('failGetMoreAfterCursorCheckout') : undefined;
  }

  /** Around the write of a retryable statement: fail before it, or lose the connection after it. */
  hitTransactionalWrite(): { before: number | undefined; closeConnection: boolean } | undefined {
    const data = this.#hit('onPrimaryTransactionalWrite', () => true);
    if (!data) return undefined;
    const before = data.get('failBeforeCommitExceptionCode');
    return {
      before: isNumber(before) ? toDouble(before) : undefined,
      closeConnection: data.get('closeConnection') !== false,
    };
  }

  #named(name: string): InjectedFailure | undefined {
    const data = this.#hit(name, () => true);
    return data && failureOf(data);
  }

  #hit(name: string, applies: (data: Document) => boolean): Document | undefined {
    const point = this.#points.get(name);
    if (!point || point.timesLeft <= 0 || !applies(point.data)) return undefined;
    if (point.skipLeft > 0) {
      point.skipLeft--;
      return undefined;
    }
    point.timesLeft--;
    return point.data;
  }
}

const countIn = (mode: Document, name: string): number | undefined => {
  const count = mode.get(name);
  if (count === undefined) return undefined;
  if (!isNumber(count) || !(toDouble(count) >= 0))
    throw badValue(`mode.${name} must be a number from 0 up`);
  return toDouble(count);
};

const failureOf = (data: Document): InjectedFailure => {
  const code = data.get('errorCode');
  const block = data.get('blockTimeMS');
  const labels = data.get('errorLabels');
  const concern = data.get('writeConcernError');
  return {
    closeConnection: isTruthy(data.get('closeConnection')),
    blockMs: isTruthy(data.get('blockConnection')) && isNumber(block) ? toDouble(block) : 0,
    errorCode: isNumber(code) ? toDouble(code) : undefined,
    errorLabels: Array.isArray(labels) ? labels.map(String) : undefined,
    writeConcernError: isDocument(concern) ? concern : undefined,
  };
};
