/** Keeps what was asked for most recently, so that a file's parts are read once and memory stays flat however large it is. */

export class Recent<V> {
  private readonly limit: number;
  private readonly kept = new Map<number, Promise<V>>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The value of `key`, made when it is not at hand; a failure is not kept, since an outage passes. */
  get(key: number, make: () => Promise<V>): Promise<V> {
    let found = this.kept.get(key);
    if (found === undefined) {
      const made = make();
      made.catch(() => {
        if (this.kept.get(key) === made) this.kept.delete(key);
      });
      found = made;
    } else this.kept.delete(key);
    this.kept.set(key, found);
    if (this.kept.size > this.limit) this.kept.delete(this.kept.keys().next().value!);
    return found;
  }
}
