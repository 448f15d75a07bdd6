import type { Socket } from 'node:net';
import { FrameReader } from './frame-reader.ts';
import { QUEUED_MESSAGES_MAX } from './limits.ts';
import { MalformedMessage } from './malformed-message.ts';
import { OP_MSG, opMsgReply, parseOpMsg } from './op-msg.ts';
import { OP_QUERY, opReply, parseOpQuery } from './op-query.ts';

export interface Request {
  readonly body: Buffer;
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
  /** Of OP_QUERY, which names its database beside the command. */
  readonly legacyDatabase: string | undefined;
}

/** Answers one request with a whole BSON document; `undefined` closes the connection without an answer. */
export type RequestHandler = (
  request: Request,
  connection: Connection,
) => Promise<Uint8Array | undefined>;

/** One client. Its messages are answered one after the other, in order. */
export class Connection {
  readonly id: number;
  /** The application name of the client's handshake. */
  applicationName: string | undefined;
  readonly #socket: Socket;
  readonly #handle: RequestHandler;
  readonly #onMalformed: (error: Error) => void;
  readonly #frames = new FrameReader();
  readonly #queue: Buffer[] = [];
  readonly #closeListeners = new Set<() => void>();
  #working = false;
  #closing = false;
  #nextRequestId = 1;
  /** A hello is held back until there is something to tell: nothing that a close has to wait for. */
  #awaiting = false;
  /** How many changes the client of such a hello has been told of; undefined before the first answer. */
  awaitedChanges: number | undefined;

  constructor(
    socket: Socket,
    id: number,
    handle: RequestHandler,
    onMalformed: (error: Error) => void,
  ) {
    this.#socket = socket;
    this.id = id;
    this.#handle = handle;
    this.#onMalformed = onMalformed;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#receive(chunk);
    });
    // Always followed by 'close'.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closing = true;
      this.#queue.length = 0;
      for (const listener of this.#closeListeners) listener();
    });
  }

  get peer(): string {
    return `${this.#socket.remoteAddress ?? '127.0.0.1'}:${(this.#socket.remotePort ?? 0).toString()}`;
  }

  get closed(): boolean {
    return this.#closing;
  }

  get idle(): boolean {
    return !this.#working || this.#awaiting;
  }

  beginAwait(): void {
    this.#awaiting = true;
  }

  endAwait(changes: number): void {
    this.#awaiting = false;
    this.awaitedChanges = changes;
  }

  #forgetAwait(): void {
    this.awaitedChanges = undefined;
  }

  onClose(listener: () => void): () => void {
    this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  /** At once; whatever is running goes on, but its answer reaches nobody. */
  destroy(): void {
    this.#closing = true;
    this.#queue.length = 0;
    this.#socket.destroy();
  }

  /** After the request that is running has been answered; what waits behind it is dropped. */
  closeSoon(): void {
    this.#closing = true;
    this.#queue.length = 0;
    if (this.idle) this.#socket.end();
  }

  #receive(chunk: Buffer): void {
    if (this.#closing) return;
    try {
      for (const message of this.#frames.push(chunk)) this.#queue.push(message);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#queue.length > QUEUED_MESSAGES_MAX) this.#socket.pause();
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let message = this.#queue.shift(); message; message = this.#queue.shift()) {
        await this.#answer(message);
        if (this.#socket.isPaused() && this.#queue.length < QUEUED_MESSAGES_MAX)
          this.#socket.resume();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#working = false;
      if (this.#closing) this.#socket.end();
    }
  }

  async #answer(message: Buffer): Promise<void> {
    const responseTo = message.readInt32LE(4);
    const opcode = message.readInt32LE(12);
    if (opcode === OP_MSG) {
      const { body, sequences, moreToCome, exhaustAllowed } = parseOpMsg(message);
      this.#forgetAwait();
      const request = { body, sequences, legacyDatabase: undefined };
      const reply = await this.#handle(request, this);
      if (!reply) this.destroy();
      if (!reply || moreToCome) return;
      if (exhaustAllowed && this.awaitedChanges !== undefined) {
        await this.#answerAgainAndAgain(request, reply, responseTo);
      } else {
        await this.#write(opMsgReply(reply, { responseTo, requestId: this.#nextRequestId++ }));
      }
      return;
    }
    if (opcode === OP_QUERY) {
      const { database, body } = parseOpQuery(message);
      const reply = await this.#handle(
        { body, sequences: new Map(), legacyDatabase: database },
        this,
      );
      if (!reply) this.destroy();
      else await this.#write(opReply(reply, responseTo, this.#nextRequestId++));
      return;
    }
    throw new MalformedMessage(`opcode ${opcode.toString()}`);
  }

  /** The client of an awaited hello sends it once; each answer is one to the answer before it. */
  async #answerAgainAndAgain(
    request: Request,
    first: Uint8Array,
    requestId: number,
  ): Promise<void> {
    let responseTo = requestId;
    for (let reply: Uint8Array | undefined = first; reply && !this.#closing;) {
      const own = this.#nextRequestId++;
      await this.#write(opMsgReply(reply, { responseTo, requestId: own, moreToCome: true }));
      responseTo = own;
      reply = await this.#handle(request, this);
    }
  }

  async #write(reply: Buffer): Promise<void> {
    if (!this.#socket.destroyed && !this.#socket.write(reply)) await this.#drained();
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done);
        this.#socket.off('close', done);
        resolve();
      };
      this.#socket.on('drain', done);
      this.#socket.on('close', done);
    });
  }

  #fail(error: unknown): void {
    this.#onMalformed(error instanceof Error ? error : new Error(String(error)));
    this.destroy();
  }
}
