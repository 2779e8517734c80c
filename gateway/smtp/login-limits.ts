// Keeps guessing at passwords slow and cheap for us: wrong logins are counted, and few are checked at once (RFC 4954 §6).

import { createHash } from 'node:crypto';
import { networkOf } from '../client-network.ts';
import { windowCounts } from '../window-counts.ts';
import { type Account, logIn } from './accounts.ts';

const HOUR_MS = 3_600_000;

export interface LoginLimits {
  wrongLoginsPerAddressPerHour: number;
  /** From all addresses together. */
  wrongLoginsPerAccountPerHour: number;
  /** A check keeps a core busy for a tenth of a second, and one of libuv's few threads, which files need, too. */
  inTurn<T>(check: () => Promise<T>): Promise<T>;
  clock(): Date;
}

/** `too-many`: not checked; `account` names it where there is such an account. */
export type LoginOutcome =
  | { result: 'right'; account: Account }
  | { result: 'wrong' }
  | { result: 'too-many'; of: 'address' | 'account'; account: string | undefined };

/**
 * Whoever has logged in to an account from an address before is counted apart from others there, and from others who guess at
 * the account: neither keeps them out. A name without an account is limited as one with it, so that nothing tells them apart.
 */
export function limitedLogins(
  accounts: readonly Account[],
  { wrongLoginsPerAddressPerHour, wrongLoginsPerAccountPerHour, inTurn, clock }: LoginLimits,
): (username: string, password: string, remoteAddress: string) => Promise<LoginOutcome> {
  const wrong = windowCounts(HOUR_MS, clock);
  const known = new Set<string>();
  return (username, password, remoteAddress) => {
    const address = networkOf(remoteAddress);
    // Names may be long, and passwords typed into the wrong field.
    const account = createHash('sha256').update(username).digest('base64');
    const both = `${address} ${account}`;
    // What others have done meanwhile counts: asked when the turn has come.
    return inTurn(async () => {
      const counted = known.has(both)
        ? [{ of: 'address', key: both, max: wrongLoginsPerAddressPerHour } as const]
        : ([
            { of: 'address', key: address, max: wrongLoginsPerAddressPerHour },
            { of: 'account', key: account, max: wrongLoginsPerAccountPerHour },
          ] as const);
      const full = counted.find(({ key, max }) => wrong.of(key) >= max);
      if (full) {
        const named = accounts.find((one) => one.username === username);
        return { result: 'too-many', of: full.of, account: named?.username };
      }
      const found = await logIn(accounts, username, password);
      if (found !== null) {
        known.add(both);
        return { result: 'right', account: found };
      }
      for (const { key } of counted) wrong.add(key);
      return { result: 'wrong' };
    });
  };
}
