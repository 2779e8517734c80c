/** Japanese wording of dates, times, amounts and sizes, always in Japan Standard Time (UTC+9, no daylight saving). */

/** A calendar day `yyyy-mm-dd` (as it stands in Japan), or an instant: ISO 8601 with time and zone, or a Date. */
export type When = string | Date;

interface Moment {
  year: number;
  month: number;
  day: number;
  weekday: string;
  hour: number;
  minute: number;
  second: number;
}

const WEEKDAYS = '日月火水木金土';
const JST_OFFSET_MS = 9 * 60 * 60 * 1000;
const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/** First day of each era, newest first. */
const ERAS: readonly { name: string; since: number; firstYear: number }[] = [
  { name: '令和', since: 20190501, firstYear: 2019 },
  { name: '平成', since: 19890108, firstYear: 1989 },
  { name: '昭和', since: 19261225, firstYear: 1926 },
];

function momentOf(when: When): Moment {
  const dayOnly = typeof when === 'string' && DAY_ONLY.test(when);
  const instant = typeof when === 'string' ? new Date(when) : when;
  if (Number.isNaN(instant.getTime())) throw new RangeError(`not a date: ${String(when)}`);
  const shifted = dayOnly ? instant : new Date(instant.getTime() + JST_OFFSET_MS);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: WEEKDAYS[shifted.getUTCDay()] ?? '',
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}

function eraYear(moment: Moment): string {
  const day = moment.year * 10000 + moment.month * 100 + moment.day;
  const era = ERAS.find((candidate) => day >= candidate.since);
  if (era === undefined) return `${moment.year}年`;
  const year = moment.year - era.firstYear + 1;
  return `${era.name}${year === 1 ? '元' : year}年`;
}

/** 令和8年12月1日 */
export function eraDate(when: When): string {
  const moment = momentOf(when);
  return `${eraYear(moment)}${moment.month}月${moment.day}日`;
}

/** 令和8年12月1日（火） */
export function eraDateWithWeekday(when: When): string {
  return `${eraDate(when)}（${momentOf(when).weekday}）`;
}

/** 12月1日 */
export function shortDate(when: When): string {
  const moment = momentOf(when);
  return `${moment.month}月${moment.day}日`;
}

/** 12月1日（火） */
export function shortDateWithWeekday(when: When): string {
  return `${shortDate(when)}（${momentOf(when).weekday}）`;
}

/** 10時15分 */
export function clockTime(when: When): string {
  const moment = momentOf(when);
  return `${moment.hour}時${moment.minute}分`;
}

/** 11月28日10時15分 */
export function shortDateTime(when: When): string {
  return `${shortDate(when)}${clockTime(when)}`;
}

/** 令和8年11月28日（土）10時15分 */
export function fullDateTime(when: When): string {
  return `${eraDateWithWeekday(when)}${clockTime(when)}`;
}

/** 令和8年11月28日10時15分30秒 */
export function exactDateTime(when: When): string {
  return `${eraDate(when)}${clockTime(when)}${momentOf(when).second}秒`;
}

/** 2026-11-28 10:15:30, as tables of many times have it */
export function numericDateTime(when: When): string {
  const { year, month, day, hour, minute, second } = momentOf(when);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

/** An amount of money in yen; `tax` says whether consumption tax is in it, null where the mail did not say. */
export interface Amount {
  yen: number;
  tax: 'included' | 'excluded' | null;
  /** What costs so much in a 単価契約, e.g. 1t; 単価 where that is not said. */
  unit?: string;
}

const TAX_WORDS = { included: '（税込）', excluded: '（税抜）' } as const;

/** 1,100,000円（税込）; 1t当たり1,200円（税抜） */
export function money({ yen, tax, unit }: Amount): string {
  const digits = String(Math.trunc(yen)).replace(/\B(?=(\d{3})+$)/g, ',');
  const per = unit === undefined ? '' : unit === '単価' ? '単価' : `${unit}当たり`;
  return `${per}${digits}円${tax === null ? '' : TAX_WORDS[tax]}`;
}

/** Octets in words, 1 MB = 1,048,576 octets (R37): 2.3MB, 310KB. */
export function fileSize(octets: number): string {
  const kilobytes = octets / 1024;
  if (kilobytes < 1024) return `${Math.max(1, Math.round(kilobytes))}KB`;
  return `${(kilobytes / 1024).toFixed(1)}MB`;
}

/** A span of seconds until something happens: すぐに, 30秒後に, 5分後に, 2時間後に. */
export function afterSeconds(seconds: number): string {
  if (seconds <= 0) return 'すぐに';
  if (seconds < 60) return `${seconds}秒後に`;
  if (seconds < 7200) return `${Math.round(seconds / 60)}分後に`;
  return `${Math.round(seconds / 3600)}時間後に`;
}
