/** The pattern after which executed files are named: text with placeholders in braces, from a closed list (R50). */

export const PLACEHOLDERS = [
  '契約日',
  '相手方または自治体',
  '相手方',
  '自治体',
  '金額',
  '件名',
  '受付番号',
  '契約番号',
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** Odd places are placeholders, even ones what stands between them. */
export function piecesOf(pattern: string): string[] {
  return pattern.split(/\{([^{}]*)\}/);
}

/** Why nothing can be named so; null where it can. */
export function patternProblem(pattern: string): string | null {
  const pieces = piecesOf(pattern);
  const named = pieces.filter((_, at) => at % 2 === 1);
  const unknown = named.find((piece) => !PLACEHOLDERS.some((known) => known === piece));
  const known = PLACEHOLDERS.map((one) => `{${one}}`).join(' ');
  if (unknown !== undefined) return `{${unknown}} is not known; there are ${known}`;
  if (named.length === 0) return `must name at least one of ${known}`;
  const between = pieces.filter((_, at) => at % 2 === 0).join('');
  return /[\\/:*?"<>|{}\p{Cc}]/u.test(between) ? 'must not hold \\ / : * ? " < > | or a single brace' : null;
}
