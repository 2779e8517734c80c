/** A page in its second language: each sentence replaced by its English one; whatever has none stays, marked as Japanese (WCAG 2.2: 3.1.1, 3.1.2). */
import { withoutReadings } from '../readings.ts';
import { FILES_IN_ENGLISH } from './files.en.ts';
import { ENGLISH } from './sentences.en.ts';
import { STATES_IN_ENGLISH } from './states.en.ts';

/** Of the query; a link or a form that carries it leads to an English page. */
export const LANGUAGE = 'lang';

const ROWS = [...ENGLISH, ...STATES_IN_ENGLISH, ...FILES_IN_ENGLISH];
const JAPANESE = /[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]/u;
const SLOT = /<(\d)>/g;

const SENTENCES = new Map(ROWS);
const PATTERNS = ROWS.filter(([japanese]) => japanese.includes('<1>')).map(([japanese, english]) => ({
  pattern: new RegExp(`^${japanese.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(SLOT, '(.+?)')}$`),
  english,
}));

/** Elements whose text cannot hold another element. */
const PLAIN = /^<(title|option|textarea)\b/;
/** What people have written is never ours to translate. */
const FOREIGN = /^<textarea\b|class="(written|subject)"/;
const WORDING_ATTRIBUTE = / (aria-label|placeholder|data-[a-z-]+)="([^"]*)"/g;
/** Pages are reached by links and forms; documents and files are the same in every language. */
const PAGE_ADDRESS = / (href|action|formaction)="(\/[cdr]\/[^"?#/]+(?:\/[a-z-]+)?)"/g;
const FILE_ADDRESS = /\/certificate$/;

const TO_ENGLISH = '<a href="?lang=en" hreflang="en" lang="en">English</a>';
const TO_JAPANESE = '<a href="?lang=ja" hreflang="ja" lang="ja">日本語</a>';

/** The same page in English. `html` is a whole page as `page()` makes it. */
export function inEnglish(html: string): string {
  let tag = '';
  return withoutReadings(html)
    .replace(TO_ENGLISH, TO_JAPANESE)
    .split(/(<[^>]*>)/)
    .map((part) => {
      if (!part.startsWith('<')) return textInEnglish(part, tag);
      tag = part;
      return tagInEnglish(part);
    })
    .join('');
}

function tagInEnglish(tag: string): string {
  if (tag === '<html lang="ja">') return '<html lang="en">';
  return tag
    .replace(
      WORDING_ATTRIBUTE,
      (_, name: string, value: string) => ` ${name}="${translated(value) ?? value}"`,
    )
    .replace(PAGE_ADDRESS, (attribute, name: string, address: string) =>
      FILE_ADDRESS.test(address) ? attribute : ` ${name}="${address}?${LANGUAGE}=en"`,
    );
}

function textInEnglish(text: string, tag: string): string {
  if (!JAPANESE.test(text) || / lang="ja"/.test(tag)) return text;
  const mark = PLAIN.test(tag) ? (value: string) => value : marked;
  const [, before = '', sentence = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  const english = FOREIGN.test(tag) ? null : translated(sentence, mark);
  return before + (english ?? mark(sentence)) + after;
}

function marked(japanese: string): string {
  return `<span lang="ja">${japanese}</span>`;
}

/** Null where there is no English for it. `mark` is put around what stays Japanese inside. */
function translated(text: string, mark: (value: string) => string = (value) => value): string | null {
  const colon = text.startsWith('：') ? ': ' : '';
  const sentence = colon ? text.slice(1) : text;
  const english = SENTENCES.get(sentence) ?? figure(sentence);
  if (english !== null && english !== undefined) return colon + english;
  for (const { pattern, english } of PATTERNS) {
    const values = pattern.exec(sentence)?.slice(1);
    if (!values) continue;
    const put = (value: string): string =>
      translated(value, mark) ?? (JAPANESE.test(value) ? mark(value) : value);
    return colon + english.replace(SLOT, (_, at: string) => put(values[Number(at) - 1]!));
  }
  return null;
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const WEEKDAYS: Readonly<Record<string, string>> = {
  日: 'Sunday',
  月: 'Monday',
  火: 'Tuesday',
  水: 'Wednesday',
  木: 'Thursday',
  金: 'Friday',
  土: 'Saturday',
};
const ERA_STARTS: Readonly<Record<string, number>> = { 令和: 2018, 平成: 1988, 昭和: 1925 };
const MOMENT = /^(?:(令和|平成|昭和)(元|\d+)年)?(\d+)月(\d+)日(?:（(.)）)?(?:(\d+)時(\d+)分(?:(\d+)秒)?)?$/;
const MONEY = /^([\d,]+)円(?:（(税込|税抜)）)?$/;
const TAX: Readonly<Record<string, string>> = { 税込: 'tax included', 税抜: 'tax not included' };

/** Dates, times (of Japan) and amounts. */
function figure(text: string): string | null {
  const money = MONEY.exec(text);
  if (money) return `${money[1]} yen${money[2] ? ` (${TAX[money[2]]})` : ''}`;
  const moment = MOMENT.exec(text);
  if (!moment) return null;
  const [, era, year, month, day, weekday, hour, minute, second] = moment;
  const full = era ? ` ${ERA_STARTS[era]! + (year === '元' ? 1 : Number(year))}` : '';
  const clock = [hour, minute, second]
    .filter((part) => part !== undefined)
    .map((part) => part.padStart(2, '0'));
  return [
    weekday ? `${WEEKDAYS[weekday]}, ` : '',
    `${Number(day)} ${MONTHS[Number(month) - 1]}${full}`,
    clock.length > 0 ? `, ${clock.join(':')} (Japan time)` : '',
  ].join('');
}
