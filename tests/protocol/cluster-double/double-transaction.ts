import type { ClusterTransaction } from '@marquee/slot-protocol';
import type { ServerLink } from './double-data-cluster.ts';
import type { Statements } from './statements.ts';

/** The statements of a transaction as its client sends them, each by itself over the link. */
export class DoubleTransaction implements ClusterTransaction {
  readonly #id: string;
  readonly #link: ServerLink;
  #begun = false;
  #busy = false;

  constructor(id: string, link: ServerLink) {
    this.#id = id;
    this.#link = link;
  }

  /** The server knows of it only from the first statement on. */
  get hasBegun(): boolean {
    return this.#begun;
  }

  fences(...args: Parameters<ClusterTransaction['fences']>) {
    return this.#send('fences', (statements) => statements.fences(...args));
  }

  changeFence(...args: Parameters<ClusterTransaction['changeFence']>) {
    return this.#send('change fence', (statements) => statements.changeFence(...args));
  }

  async changeFences(...args: Parameters<ClusterTransaction['changeFences']>) {
    if (args[0].length === 0) return 0;
    return this.#send('change fences', (statements) => statements.changeFences(...args));
  }

  records(...args: Parameters<ClusterTransaction['records']>) {
    return this.#send('records', (statements) => statements.records(...args));
  }

  recordsOf(...args: Parameters<ClusterTransaction['recordsOf']>) {
    return this.#send('records of operations', (statements) => statements.recordsOf(...args));
  }

  async insertRecords(...args: Parameters<ClusterTransaction['insertRecords']>) {
    if (args[0].length === 0) return;
    await this.#send('insert records', (statements) => statements.insertRecords(...args));
  }

  deleteRecords(...args: Parameters<ClusterTransaction['deleteRecords']>) {
    return this.#send('delete records', (statements) => statements.deleteRecords(...args));
  }

  async deleteRecordsOf(...args: Parameters<ClusterTransaction['deleteRecordsOf']>) {
    if (args[1].length === 0) return;
    await this.#send('delete records', (statements) => statements.deleteRecordsOf(...args));
  }

  async documents(...args: Parameters<ClusterTransaction['documents']>) {
    if (args[1].length === 0) return [];
    return this.#send('documents', (statements) => statements.documents(...args));
  }

  briefsOfSlot(...args: Parameters<ClusterTransaction['briefsOfSlot']>) {
    return this.#send('versions of slot', (statements) => statements.briefsOfSlot(...args));
  }

  documentsOfSlots(...args: Parameters<ClusterTransaction['documentsOfSlots']>) {
    return this.#send('documents of slots', (statements) => statements.documentsOfSlots(...args));
  }

  documentsOfSlot(...args: Parameters<ClusterTransaction['documentsOfSlot']>) {
    return this.#send('documents of slot', (statements) => statements.documentsOfSlot(...args));
  }

  async replaceDocuments(...args: Parameters<ClusterTransaction['replaceDocuments']>) {
    if (args[1].length === 0) return;
    await this.#send('replace documents', (statements) => statements.replaceDocuments(...args));
  }

  async deleteDocuments(...args: Parameters<ClusterTransaction['deleteDocuments']>) {
    if (args[1].length === 0) return;
    await this.#send('delete documents', (statements) => statements.deleteDocuments(...args));
  }

  async keepRejected(...args: Parameters<ClusterTransaction['keepRejected']>) {
    if (args[0].length === 0) return;
    await this.#send('keep rejected', (statements) => statements.keepRejected(...args));
  }

  // A session of the driver runs one statement after the other; two at once are a mistake.
  async #send<T>(what: string, statement: (statements: Statements) => T): Promise<T> {
    if (this.#busy) throw new TypeError(`${what} while another statement is under way`);
    this.#busy = true;
    const isFirst = !this.#begun;
    this.#begun = true;
    try {
      return await this.#link.call(what, (server) => server.execute(this.#id, isFirst, statement));
    } finally {
      this.#busy = false;
    }
  }
}
