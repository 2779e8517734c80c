/** The queue port: tells workers that an outbox entry may be due. It carries no work; losing or doubling a call loses nothing. */
export interface Queue {
  /** Something was appended to the outbox and committed. */
  wake(): void;
  /** Calls `listener` at every wake-up; returns the way to stop listening. */
  onWake(listener: () => void): () => void;
}

/** Wake-ups within one process, for SQLite on one machine. */
export function embeddedQueue(): Queue {
  const listeners = new Set<() => void>();
  return {
    wake: () => {
      for (const listener of listeners) listener();
    },
    onWake: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
