import { randomBytes } from 'node:crypto';
import {
  type Collection,
  type Db,
  type Document,
  MongoClient,
  type MongoClientOptions,
} from 'mongodb';
import { EmbeddedDeployment } from './embedded-deployment.ts';

/** The replica set that the caller of the suite named by `--uri`. */
export const givenUri = (): string | undefined => process.env.CONFORMANCE_URI;

/** What only the embedded engine promises, such as its refusals. */
export const onEmbedded = givenUri() === undefined ? describe : describe.skip;

/** A database of its own for one test file, dropped afterwards; on an embedded cluster unless a URI is given. */
export class ScratchDatabase {
  readonly #name = `conformance_${randomBytes(4).toString('hex')}`;
  #deployment: EmbeddedDeployment | undefined;
  #client: MongoClient | undefined;
  #collections = 0;
  readonly #chosenUri: string | undefined;

  /** Without a URI it is the deployment under test. */
  constructor(uri?: string) {
    this.#chosenUri = uri ?? givenUri();
  }

  async open(options: MongoClientOptions = {}): Promise<void> {
    this.#client = await MongoClient.connect(await this.#uri(), {
      serverSelectionTimeoutMS: 10_000,
      writeConcern: { w: 'majority' },
      ...options,
    });
  }

  async #uri(): Promise<string> {
    if (this.#chosenUri !== undefined) return this.#chosenUri;
    this.#deployment = await EmbeddedDeployment.start();
    return this.#deployment.uri;
  }

  async close(): Promise<void> {
    await this.#client?.db(this.#name).dropDatabase();
    await this.#client?.close();
    await this.#deployment?.stop();
  }

  get client(): MongoClient {
    if (!this.#client) throw new Error('the database is not open');
    return this.#client;
  }

  get db(): Db {
    return this.client.db(this.#name);
  }

  /** A new collection, with documents if some are given. */
  async collection(documents: readonly Document[] = []): Promise<Collection<Document>> {
    this.#collections += 1;
    const collection = this.db.collection(`c${this.#collections}`);
    await this.db.createCollection(collection.collectionName);
    if (documents.length > 0) await collection.insertMany(documents.map((one) => ({ ...one })));
    return collection;
  }
}

/** Numbers come back as the BSON types that they have. */
export const AS_STORED = { promoteValues: false } as const;

/** For the top of a test file. */
export const useScratchDatabase = (options: MongoClientOptions = {}): ScratchDatabase => {
  const scratch = new ScratchDatabase();
  beforeAll(() => scratch.open(options));
  afterAll(() => scratch.close());
  return scratch;
};
