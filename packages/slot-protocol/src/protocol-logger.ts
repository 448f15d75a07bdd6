/** What the data plane needs of a logger; pino's fits. */
export interface ProtocolLogger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}
