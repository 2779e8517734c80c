/** Where a command writes: lines for people and machines, and lines about trouble. */
export interface CommandIo {
  out(line: string): void;
  err(line: string): void;
}

/** Controls and what turns the direction of writing, but for line ends and tabs. */
const STEERING = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu;

/** What strangers wrote, a subject or a signer's name, must not steer the terminal it is shown on (ECMA-48): U+FFFD stands for it. */
export function shown(line: string): string {
  return line.replace(STEERING, '\uFFFD');
}

export const terminal: CommandIo = {
  out: (line) => void process.stdout.write(`${shown(line)}\n`),
  err: (line) => void process.stderr.write(`${shown(line)}\n`),
};
