import { CommandError } from '../command-error.ts';
import { equalValues } from '../documents/compare.ts';
import { describeDocument } from '../documents/describe-value.ts';
import { compilePartialFilter } from '../documents/filter/partial-filter.ts';
import {
  type Document,
  documentOf,
  isDocument,
  isNumber,
  isTruthy,
  toDouble,
  type Value,
} from '../documents/value.ts';
import { INDEX_OPTIONS } from '../scope/scope.ts';
import { type Collection, isIdKey } from '../storage/catalog.ts';

/* What an index may be: MongoDB's rules, and the kinds that this engine does not have. */

/** MongoDB's own limit. */
const INDEX_FIELDS_MAX = 32;

const REFUSED_OPTIONS = [
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'bucketSize',
  'wildcardProjection',
  'prepareUnique',
  'clustered',
  'storageEngine',
];
const KNOWN_OPTIONS = [
  'v',
  'key',
  'name',
  'ns',
  'unique',
  'sparse',
  'background',
  'partialFilterExpression',
  'hidden',
  'collation',
  'dropDups',
  'expireAfterSeconds',
];

export const cannotCreate = (message: string): CommandError =>
  new CommandError('CannotCreateIndex', message);

/**
 * Whether an index is there that is the same in everything. One with the same name but another identity,
 * or with the same identity but another name, is an error.
 */
export const alreadyThere = (collection: Collection, spec: Document): boolean => {
  if (isIdKey(spec.get('key') as Document)) return true;
  const name = spec.get('name') as string;
  const byName = collection.indexes.find((index) => index.name === name);
  if (byName && isSameIndex(byName.spec, spec)) return true;
  if (byName) {
    throw new CommandError(
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${describeDocument(spec)}, existing index: ${describeDocument(byName.spec)}`,
    );
  }
  const same = collection.indexes.find((index) => isSameIndex(index.spec, spec));
  if (same) {
    throw new CommandError(
      'IndexOptionsConflict',
      `Index already exists with a different name: ${same.name}`,
    );
  }
  return false;
};

/** What tells indexes apart, since MongoDB 5.0: the key with all of these. */
const IDENTITY_OPTIONS = ['unique', 'sparse', 'partialFilterExpression'];

const isSameIndex = (a: Document, b: Document): boolean =>
  equalValues(a.get('key'), b.get('key')) &&
  IDENTITY_OPTIONS.every((option) => sameOption(a, b, option));

const sameOption = (a: Document, b: Document, option: string): boolean => {
  const one = a.get(option);
  const other = b.get(option);
  if (isDocument(one) || isDocument(other)) return equalValues(one, other);
  return isTruthy(one) === isTruthy(other);
};

/** As it will be stored and listed; whatever this engine cannot honour is refused. */
export const checkedSpec = (requested: Value): Document => {
  if (!isDocument(requested))
    throw new CommandError('TypeMismatch', 'The elements of the indexes array must be objects');
  for (const option of requested.keys()) {
    if (REFUSED_OPTIONS.includes(option)) {
      throw new CommandError(
        'CommandNotSupported',
        `index option ${option} is not supported by this engine`,
      );
    }
    if (!KNOWN_OPTIONS.includes(option)) {
      throw new CommandError(
        'InvalidOptions',
        `The field '${option}' is not valid for an index specification.`,
      );
    }
  }
  const key = requested.get('key');
  if (!isDocument(key))
    throw new CommandError(
      'FailedToParse',
      "The 'key' field is a required property of an index specification",
    );
  checkKey(key);
  if (isTruthy(requested.get('dropDups'))) {
    throw new CommandError('CommandNotSupported', 'index option dropDups is not supported');
  }
  const expires = requested.get('expireAfterSeconds');
  if (expires !== undefined) {
    throw new CommandError('CommandNotSupported', 'TTL indexes are not supported by this engine');
  }
  const collation = requested.get('collation');
  if (isDocument(collation) && collation.get('locale') !== 'simple') {
    throw new CommandError('CommandNotSupported', 'this engine knows only the simple collation');
  }
  const name = requested.get('name') ?? defaultName(key);
  if (typeof name !== 'string' || name === '') throw cannotCreate('index name cannot be empty');
  const partial = requested.get('partialFilterExpression');
  if (partial !== undefined) {
    if (!isDocument(partial))
      throw new CommandError('TypeMismatch', 'partialFilterExpression must be an object');
    if (isTruthy(requested.get('sparse')))
      throw cannotCreate('cannot mix "partialFilterExpression" and "sparse" options');
    compilePartialFilter(partial);
  }
  const spec: Document = documentOf({ v: 2, key, name });
  for (const option of INDEX_OPTIONS) {
    const value = requested.get(option);
    if (value !== undefined && value !== false) spec.set(option, value);
  }
  return spec;
};

const checkKey = (key: Document): void => {
  if (key.size === 0) throw cannotCreate('Index keys cannot be an empty object.');
  if (key.size > INDEX_FIELDS_MAX)
    throw cannotCreate('number of fields in compound index must be <= 32');
  for (const [path, direction] of key) {
    if (path === '' || path.split('.').includes(''))
      throw cannotCreate('Index keys cannot contain an empty field.');
    if (path.includes('$**'))
      throw cannotCreate('wildcard indexes are not supported by this engine');
    if (
      path.split('.').some((name) => name.startsWith('$') && !['$id', '$ref', '$db'].includes(name))
    ) {
      throw cannotCreate("Index key contains an illegal field name: field name starts with '$'.");
    }
    if (typeof direction === 'string') {
      throw cannotCreate(`Unknown index plugin '${direction}'`);
    }
    if (!isNumber(direction) || toDouble(direction) === 0 || Number.isNaN(toDouble(direction))) {
      throw cannotCreate('Values in v:2 index key pattern must be numbers not equal to zero.');
    }
  }
};

const defaultName = (key: Document): string =>
  [...key]
    .map(
      ([path, direction]) => `${path}_${isNumber(direction) ? toDouble(direction).toString() : ''}`,
    )
    .join('_');
