// The time a form was sent in: wall-clock time in Japan, as e-application services write it.

const PATTERN = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** `2026/11/21 9:03`, `2026-11-21 09:03:00` (Japan time) → that moment; null for anything else, 31 February included. */
export function readAppliedAt(value: string): Date | null {
  const match = PATTERN.exec(value.normalize('NFKC').trim());
  if (!match) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '00'] = match;
  const local = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${hour.padStart(2, '0')}:${minute}:${second}`;
  const moment = new Date(`${local}+09:00`);
  if (Number.isNaN(moment.getTime())) return null;
  // Date rolls 31 February over into March; the round trip shows it.
  const back = new Date(moment.getTime() + 9 * 3_600_000).toISOString().slice(0, 19);
  return back === local ? moment : null;
}
