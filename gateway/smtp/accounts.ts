// SMTP AUTH accounts (RFC 4954).

import { randomBytes } from 'node:crypto';
import { hashPassword, verifyPassword } from '../passwords.ts';

export interface Account {
  username: string;
  /** As made by hashPassword. */
  passwordHash: string;
  /** The addresses this account may write as (From). */
  addresses: readonly string[];
}

/** Finds the account behind a login, or null; an unknown name costs as much time as a wrong password. */
export async function logIn(
  accounts: readonly Account[],
  username: string,
  password: string,
): Promise<Account | null> {
  const account = accounts.find((candidate) => candidate.username === username);
  const correct = await verifyPassword(password, account?.passwordHash ?? (await decoyHash()));
  return account !== undefined && correct ? account : null;
}

let decoy: Promise<string> | null = null;
function decoyHash(): Promise<string> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  return decoy;
}
