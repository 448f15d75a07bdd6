/** A test asked for the connection to go away without an answer. */
export class ConnectionLost extends Error {
  constructor() {
    super('the connection is lost on purpose');
    this.name = 'ConnectionLost';
  }
}
