/** The reason behind a word that turns something down (R20, R29): what it says, and whether it is longer than pages take it. */

/** What stands behind the word and below it, as far as it is the writer's own. */
export function reasonIn(behind: string, below: readonly string[]): string | null {
  return [behind, ...below].join('\n').trim() || null;
}

/** Nobody's reason is told in part: how many characters it has and how many it may have, for the answer; null where it may. */
export function overlong(reason: string | null, limit: number): { value: string; limit: string } | null {
  const written = [...(reason ?? '')].length;
  if (written <= limit) return null;
  return { value: written.toLocaleString('ja-JP'), limit: limit.toLocaleString('ja-JP') };
}
