/** An ordered list of timestamp authorities as one: the next takes over when one fails, never a local clock (RFC 3161 2.1). */
import { SigningError, type TimestampAuthority, type TimestampToken } from '../ports.ts';
import type { HttpTimestampAuthority } from './timestamp.ts';

export interface FailoverOptions {
  /** For so long an authority that failed is asked last. */
  readonly pauseSeconds: number;
  readonly clock?: () => Date;
}

/** `host` fails (`failure`) or serves (null): told when that is first known and whenever it changes. */
export type AuthorityListener = (host: string, failure: SigningError | null) => void;

/** Several authorities that answer as one. */
export interface TimestampAuthorities extends TimestampAuthority {
  /** Whoever looks after them hears of failures that another authority made good, too. */
  watch(listener: AuthorityListener): void;
  close(): void;
}

interface Lane {
  readonly authority: HttpTimestampAuthority;
  /** Until then it is asked last; null while it serves. */
  pausedUntil: number | null;
  /** null before the first answer. */
  serves: boolean | null;
}

/**
 * Asks in the order of `authorities`. Once an authority's pause is over a single request tries it in its old place; the
 * others keep asking it last until that one has succeeded. Rejects transiently with every failure when all fail.
 */
export function firstAvailableAuthority(
  authorities: readonly HttpTimestampAuthority[],
  { pauseSeconds, clock = () => new Date() }: FailoverOptions,
): TimestampAuthorities {
  const lanes = authorities.map((authority): Lane => ({ authority, pausedUntil: null, serves: null }));
  const listeners: AuthorityListener[] = [];

  async function ask(lane: Lane, digest: Uint8Array): Promise<TimestampToken> {
    // Noted before the answer is there: of several requests only this one finds the pause over.
    if (lane.pausedUntil !== null) pause(lane);
    try {
      const token = await lane.authority.timestamp(digest);
      lane.pausedUntil = null;
      note(lane, null);
      return { ...token, from: only(lane) };
    } catch (error) {
      pause(lane);
      if (error instanceof SigningError) note(lane, error);
      throw error;
    }
  }

  function pause(lane: Lane): void {
    lane.pausedUntil = clock().getTime() + pauseSeconds * 1000;
  }

  function note(lane: Lane, failure: SigningError | null): void {
    const serves = failure === null;
    if (lane.serves === serves) return;
    lane.serves = serves;
    for (const listener of listeners) listener(lane.authority.host, failure);
  }

  function only(lane: Lane): TimestampAuthority {
    return { timestamp: (digest) => ask(lane, digest) };
  }

  function inOrder(): Lane[] {
    const now = clock().getTime();
    const isPaused = ({ pausedUntil }: Lane): boolean => pausedUntil !== null && pausedUntil > now;
    return [...lanes.filter((lane) => !isPaused(lane)), ...lanes.filter(isPaused)];
  }

  return {
    watch: (listener) => void listeners.push(listener),
    close: () => {
      for (const { authority } of lanes) authority.close();
    },
    async timestamp(digest) {
      const failures: string[] = [];
      for (const lane of inOrder()) {
        try {
          return await ask(lane, digest);
        } catch (error) {
          if (!(error instanceof SigningError)) throw error;
          failures.push(error.message);
        }
      }
      throw new SigningError(failures.join('; '), { transient: true, awaits: 'timestamp' });
    },
  };
}
