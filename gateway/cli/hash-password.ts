/** `keiyakubin hash-password`: turns the first line of standard input into what `smtp.accounts[].passwordHash` wants. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { hashPassword } from '../passwords.ts';
import type { CommandIo } from './io.ts';

/** Exit code: 0, or 2 where no password came. On the command line others could read it. */
export async function printPasswordHash(input: Readable, io: CommandIo): Promise<number> {
  for await (const password of createInterface({ input })) {
    if (password === '') break;
    io.out(await hashPassword(password));
    return 0;
  }
  io.err('no password on standard input');
  return 2;
}
