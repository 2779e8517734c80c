/** Where a command writes: lines for people and machines, and lines about trouble. */
export interface CommandIo {
  out(line: string): void;
  err(line: string): void;
}
