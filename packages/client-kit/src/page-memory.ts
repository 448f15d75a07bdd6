/** What lists showed last, so that going back shows it at once. The oldest are forgotten. */
export interface PageMemory {
  recall(key: string): unknown;
  keep(key: string, pages: unknown): void;
}

/** @param entriesMax enough for the way back through a few lists. */
export const createPageMemory = (entriesMax = 20): PageMemory => {
  const entries = new Map<string, unknown>();
  return {
    recall: (key) => entries.get(key),
    keep: (key, pages) => {
      entries.delete(key);
      entries.set(key, pages);
      for (const oldest of entries.keys()) {
        if (entries.size <= entriesMax) break;
        entries.delete(oldest);
      }
    },
  };
};
