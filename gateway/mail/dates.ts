// Reads the dates of contracts, 和暦 and 西暦, into calendar dates (ISO 8601, 元号法).

const ERAS = [
  { names: ['令和', 'R', '令'], firstYear: 2019, from: '2019-05-01', until: '9999-12-31' },
  { names: ['平成', 'H', '平'], firstYear: 1989, from: '1989-01-08', until: '2019-04-30' },
];
const SEPARATED = String.raw`(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?`;
const WEEKDAY = String.raw`(?:\s*[(（][日月火水木金土](?:曜日?)?[)）])?`;
const ERA_DATE = String.raw`(令和|平成|令|平|[RHrh])\s*(元|\d{1,2})\s*[年/.-]\s*${SEPARATED}${WEEKDAY}`;
const WESTERN_DATE = String.raw`(\d{4})\s*[年/.-]\s*${SEPARATED}${WEEKDAY}`;
const KANJI_NUMERAL = /[〇一二三四五六七八九十]+(?=[年月日])/g;

/** A whole value that is one date → 'yyyy-mm-dd'; null when it is no date, has no year, or no such day exists. */
export function readDate(text: string): string | null {
  const value = prepared(text);
  const dates = datesIn(value);
  return dates.length === 1 && dates[0]!.text === value.trim() ? dates[0]!.iso : null;
}

/** A term: 「Aから Bまで」, 「A～B」, 「契約締結日から Bまで」. Null when a date in it is wrong or none is found. */
export function readTerm(text: string): { from: string | null; to: string | null } | null {
  const value = prepared(text);
  const dates = datesIn(value);
  if (dates.length === 0 || dates.length > 2 || dates.some(({ iso }) => iso === null)) return null;
  if (dates.length === 2) {
    const [from, to] = [dates[0]!.iso!, dates[1]!.iso!];
    return from <= to ? { from, to } : null;
  }
  const { iso, text: written } = dates[0]!;
  const behind = value.slice(value.indexOf(written) + written.length).trim();
  return /^(から|~|〜|-|以降|より)/.test(behind) ? { from: iso, to: null } : { from: null, to: iso };
}

function datesIn(value: string): { iso: string | null; text: string }[] {
  const pattern = new RegExp(`${ERA_DATE}|${WESTERN_DATE}`, 'g');
  return [...value.matchAll(pattern)].map((match) => {
    const [text, era, eraYear, eraMonth, eraDay, year, month, day] = match;
    if (era !== undefined) return { text, iso: fromEra(era, eraYear!, Number(eraMonth), Number(eraDay)) };
    return { text, iso: calendarDate(Number(year), Number(month), Number(day)) };
  });
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
