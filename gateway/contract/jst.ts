/** Calendar days of Japan Standard Time (UTC+09:00, no daylight saving), which deadlines and contract dates are counted in. */

const JST_OFFSET_MS = 9 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

/** yyyy-mm-dd of an instant in Japan. */
export function jstDate(instant: string | Date): string {
  return new Date(new Date(instant).getTime() + JST_OFFSET_MS).toISOString().slice(0, 10);
}

/** The instant (ISO UTC) at which the day `date` (yyyy-mm-dd) is over in Japan. */
export function endOfJstDay(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - JST_OFFSET_MS + DAY_MS).toISOString();
}

/** The instant (ISO UTC) at which offices in Japan open on the day `date` (yyyy-mm-dd). */
export function jstMorning(date: string): string {
  return new Date(Date.parse(`${date}T09:00:00Z`) - JST_OFFSET_MS).toISOString();
}

/** The instant (ISO UTC) of a time of day (HH:MM) in Japan. */
export function jstInstant(date: string, time: string): string {
  return new Date(Date.parse(`${date}T${time}:00Z`) - JST_OFFSET_MS).toISOString();
}

/** Both dates are yyyy-mm-dd; `days` may be negative. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** `date`, or the nearest working day after it (1) or before it (-1). */
export function workingDay(date: string, isDayOff: (date: string) => boolean, towards: -1 | 1 = 1): string {
  let day = date;
  while (isDayOff(day)) day = addDays(day, towards);
  return day;
}

/** `days` times 24 hours after an instant; both instants are ISO UTC, `days` may be negative. */
export function afterDays(instant: string, days: number): string {
  return new Date(Date.parse(instant) + days * DAY_MS).toISOString();
}

/** Both instants are ISO UTC; `seconds` may be negative. */
export function addSeconds(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}
