/** The port to a queue between processes. It carries outbox keys; losing or doubling one loses and doubles nothing. */
export interface Carrier {
  /** False while it cannot be reached: then nothing is handed to it. */
  isReachable(): boolean;
  /** Rejects when the keys were not taken, or may not have been. */
  send(keys: readonly string[]): Promise<void>;
  /** How many keys no worker has fetched yet. */
  waiting(): Promise<number>;
  /** Calls `perform` for every key that arrives, up to `concurrency` at once. `perform` never rejects. */
  receive(concurrency: number, perform: (key: string) => Promise<void>): { stop(): Promise<void> };
  close(): Promise<void>;
}
