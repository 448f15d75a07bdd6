/** Who owns what, as far as this process knows. */
export interface OwnerDirectory {
  /** The cluster that takes the slot's writes, by the present map. */
  ownerOf(slot: number): string;
  /** Of the present map: grows with every change of who owns or holds what. */
  version(): number;
  /** Calls back whenever this process learns of another map. */
  onChange(listener: () => void): void;
  /** Gets the present map; called after a refusal and after a cluster gave no answer. */
  refresh(): Promise<void>;
}
