/** Revocation answers already fetched: asked for again while they serve, fetched once when several need them (RFC 5019 6.1). */

/** Whether these octets, which may be anything, are the answer wanted. */
type Serves = (der: Uint8Array) => boolean;

/** Octets by a name of their source. */
export interface Answers {
  /** What is kept under `name` and `serves`, else what `fetch` brings; one fetch is shared by those who come meanwhile. */
  get(name: string, serves: Serves, fetch: () => Promise<Uint8Array>): Promise<Uint8Array>;
}

/** A responder may say something newer at any time: however long an answer claims to last, it is kept no longer. */
const KEPT_FOR_MS = 3_600_000;

/** `atMost` answers are kept, the newest. */
export function keptAnswers(clock: () => Date, atMost: number): Answers {
  const kept = new Map<string, { readonly der: Uint8Array; readonly fetchedAt: number }>();
  const underWay = new Map<string, Promise<Uint8Array>>();

  const fetched = async (name: string, serves: Serves, fetch: () => Promise<Uint8Array>) => {
    const fetching = fetch().finally(() => underWay.delete(name));
    underWay.set(name, fetching);
    const der = await fetching;
    if (!serves(der)) return der;
    kept.delete(name);
    kept.set(name, { der, fetchedAt: clock().getTime() });
    const [oldest] = kept.keys();
    if (kept.size > atMost && oldest !== undefined) kept.delete(oldest);
    return der;
  };

  return {
    async get(name, serves, fetch) {
      const known = kept.get(name);
      if (known !== undefined && clock().getTime() - known.fetchedAt < KEPT_FOR_MS && serves(known.der)) {
        return known.der;
      }
      const running = underWay.get(name);
      if (running === undefined) return fetched(name, serves, fetch);
      const shared = await running;
      // It may have been given before the timestamp that the second caller needs proof for.
      return serves(shared) ? shared : (underWay.get(name) ?? fetched(name, serves, fetch));
    },
  };
}
