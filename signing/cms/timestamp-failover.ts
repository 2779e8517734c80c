/** An ordered list of timestamp authorities as one: the next takes over when one fails, never a local clock (RFC 3161 2.1). */
import { SigningError, type TimestampAuthority, type TimestampToken } from '../ports.ts';
import type { HttpTimestampAuthority } from './timestamp.ts';

export interface FailoverOptions {
  /** For so long an authority that failed is asked last. */
  readonly pauseSeconds: number;
  readonly clock?: () => Date;
  /** Hears of each failure, also of those that another authority made good. */
  readonly onFailure?: (error: SigningError) => void;
}

interface Lane {
  readonly authority: HttpTimestampAuthority;
  /** Until then it is asked last; null while it serves. */
  pausedUntil: number | null;
}

/**
 * Asks in the order of `authorities`. Once an authority's pause is over a single request tries it in its old place; the
 * others keep asking it last until that one has succeeded. Rejects transiently with every failure when all fail.
 */
export function firstAvailableAuthority(
  authorities: readonly HttpTimestampAuthority[],
  { pauseSeconds, clock = () => new Date(), onFailure = () => {} }: FailoverOptions,
): HttpTimestampAuthority {
  const lanes = authorities.map((authority): Lane => ({ authority, pausedUntil: null }));

  async function ask(lane: Lane, digest: Uint8Array): Promise<TimestampToken> {
    // Noted before the answer is there: of several requests only this one finds the pause over.
    if (lane.pausedUntil !== null) pause(lane);
    try {
      const token = await lane.authority.timestamp(digest);
      lane.pausedUntil = null;
      return { ...token, from: only(lane) };
    } catch (error) {
      if (error instanceof SigningError) onFailure(error);
      pause(lane);
      throw error;
    }
  }

  function pause(lane: Lane): void {
    lane.pausedUntil = clock().getTime() + pauseSeconds * 1000;
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
