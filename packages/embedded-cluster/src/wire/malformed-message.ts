/** What arrived is not the MongoDB wire protocol; the connection cannot be trusted any further. */
export class MalformedMessage extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'MalformedMessage';
  }
}
