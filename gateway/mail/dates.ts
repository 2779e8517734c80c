// Reads the dates of contracts, 和暦 and 西暦, into calendar dates (ISO 8601, 元号法).

const ERAS = [
  { names: ['令和', 'R', '令'], firstYear: 2019, from: '2019-05-01', until: '9999-12-31' },
  { names: ['平成', 'H', '平'], firstYear: 1989, from: '1989-01-08', until: '2019-04-30' },
];
const SEPARATED = String.raw`(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?`;
const WEEKDAY = String.raw`(?:\s*\(\s*([日月火水木金土])(?:曜日?)?(?:[・,、/]?\s*祝日?)?\s*\)|\s*([日月火水木金土])曜日?)?`;
const OTHER_YEAR = String.raw`(?:\s*\(\s*(\d{4})年?\s*\)\s*)?`;
const ERA_DATE = String.raw`(令和|平成|令|平|[RHrh])\s*\.?\s*(元|\d{1,2})\s*[年/.-]\s*${OTHER_YEAR}${SEPARATED}${WEEKDAY}`;
const WESTERN_DATE = String.raw`(?<!\d)(\d{4})\s*[年/.-]\s*${SEPARATED}${WEEKDAY}`;
/** From where a row of numerals begins: from each of them it would be gone through once more. */
const KANJI_NUMERAL = /(?<![〇一二三四五六七八九十])[〇一二三四五六七八九十]+(?=[年月日])/g;
const NO_YEAR = new RegExp(`^${SEPARATED}${WEEKDAY}$`);
const WEEKDAYS = '日月火水木金土';

/** What a line says in place of the other end of a term. */
const SIGNING_DAY =
  /^(?:本?契約(の)?(締結)?(の)?日|締結日|着[工手](の)?日|即日|指定(の|する)日|本?契約(の)?(締結)?(?=の翌日)|本?契約締結後)(の翌日)?$/;
const UNTIL = /^(から|より|~|〜|-|―|–|—|、?至)$/;

export type DateFault = 'bad-date' | 'no-such-date' | 'date-without-year' | 'weekday-differs';

/** A whole value that is one date → 'yyyy-mm-dd'; null when it is no date, has no year, contradicts itself, or no such day exists. */
export function readDate(text: string): string | null {
  const value = prepared(text).trim();
  const [date, ...more] = datesIn(value);
  return more.length === 0 && date?.text === value && date.fault === null ? date.iso : null;
}

/** Why readDate() or readTerm() gave null for this value. */
export function dateFault(text: string): DateFault {
  const value = prepared(text).trim();
  if (NO_YEAR.test(value)) return 'date-without-year';
  return datesIn(value).find(({ fault }) => fault !== null)?.fault ?? 'bad-date';
}

/** A term: 「Aから Bまで」, 「A～B」, 「自A至B」, 「契約締結日から Bまで」, 「Aから」. Null when a date in it is wrong or anything else is left. */
export function readTerm(text: string): { from: string | null; to: string | null } | null {
  const value = withYearOfBefore(prepared(text))
    .replace(/\s*\((?:[^()]*間|約?\d+(?:年|か月|カ月|ヶ月|ケ月|箇月|日))\)$/, '')
    .trim();
  const [first, second, ...more] = datesIn(value);
  if (first === undefined || more.length > 0) return null;
  if (first.iso === null || first.fault !== null) return null;
  const before = value.slice(0, value.indexOf(first.text)).trim();
  const behind = value.slice(value.indexOf(first.text) + first.text.length).trim();
  if (second === undefined) {
    if (before === '' && /^(から|より|以降|~|〜)$/.test(behind)) return { from: first.iso, to: null };
    if (!/^(まで|限り)?$/.test(behind)) return null;
    const opening = before.replace(/(から|より|~|〜)$/, '').trim();
    return opening === '' || SIGNING_DAY.test(opening) ? { from: null, to: first.iso } : null;
  }
  if (second.iso === null || second.fault !== null) return null;
  const [between = '', ending = ''] = behind.split(second.text);
  const isTerm = /^自?$/.test(before) && UNTIL.test(between.trim()) && /^(まで)?$/.test(ending.trim());
  return isTerm && first.iso <= second.iso ? { from: first.iso, to: second.iso } : null;
}

/** Every date in a longer text that exists, 'yyyy-mm-dd', in its order. */
export function datesWithin(text: string): string[] {
  return datesIn(prepared(text)).flatMap(({ iso }) => iso ?? []);
}

interface FoundDate {
  readonly iso: string | null;
  readonly text: string;
  readonly fault: 'no-such-date' | 'weekday-differs' | null;
}

function datesIn(value: string): FoundDate[] {
  const pattern = new RegExp(`${ERA_DATE}|${WESTERN_DATE}`, 'g');
  return [...value.matchAll(pattern)].map((match) => {
    const [text, era, eraYear, otherYear, eraMonth, eraDay, ...more] = match;
    const [eraWeekday, eraWeekdayBare, year, month, day, weekday, weekdayBare] = more;
    const iso =
      era === undefined
        ? calendarDate(Number(year), Number(month), Number(day))
        : fromEra(era, eraYear!, Number(eraMonth), Number(eraDay));
    // 「令和8年(2027年)」 says two years.
    const agreeing = otherYear === undefined || iso?.startsWith(otherYear) ? iso : null;
    const named = eraWeekday ?? eraWeekdayBare ?? weekday ?? weekdayBare;
    const differs = agreeing !== null && named !== undefined && weekdayOf(agreeing) !== named;
    return { text, iso: agreeing, fault: iso === null ? 'no-such-date' : differs ? 'weekday-differs' : null };
  });
}

/** 「令和8年12月1日から同年12月25日まで」: the year of the date before. */
function withYearOfBefore(value: string): string {
  const year = /^.*?((?:令和|平成|令|平|[RHrh])?\s*(?:元|\d{1,4})\s*年)/.exec(value)?.[1];
  return year === undefined ? value : value.replace('同年', year);
}

function weekdayOf(iso: string): string {
  return WEEKDAYS[new Date(`${iso}T00:00:00Z`).getUTCDay()]!;
}

function fromEra(name: string, year: string, month: number, day: number): string | null {
  const era = ERAS.find(({ names }) => names.includes(name.toUpperCase()));
  if (era === undefined) return null;
  const iso = calendarDate(era.firstYear - 1 + (year === '元' ? 1 : Number(year)), month, day);
  return iso !== null && iso >= era.from && iso <= era.until ? iso : null;
}

function calendarDate(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : null;
}

function prepared(text: string): string {
  return text.normalize('NFKC').replace(KANJI_NUMERAL, (numeral) => String(kanjiNumber(numeral)));
}

/** 一 to 九十九, and digit by digit as in 二〇二六. */
function kanjiNumber(numeral: string): number {
  const digit = (character: string) => '〇一二三四五六七八九'.indexOf(character);
  if (!numeral.includes('十')) return Number([...numeral].map(digit).join(''));
  const [tens = '', ones = ''] = numeral.split('十');
  return (tens === '' ? 1 : digit(tens)) * 10 + (ones === '' ? 0 : digit(ones));
}
