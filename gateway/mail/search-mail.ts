// Reads the conditions of 「検索」: transaction date, counterparty and amount, as 電子帳簿保存法施行規則2条6項6号 wants them searched.

import { readAmount } from './amounts.ts';
import { SIGNATURE_LABEL } from './contract-lines.ts';
import { readDate, readTerm } from './dates.ts';
import { readLabelledLine } from './labels.ts';

/** Both ends count; null leaves one open. */
export interface Span<Value> {
  readonly from: Value | null;
  readonly to: Value | null;
}

/** 「空欄」: only contracts that say nothing there. */
export type Sought<Condition> = 'blank' | Condition;

/** All given ones must hold; null asks for nothing. */
export interface SearchConditions {
  /** ISO dates. */
  readonly date: Sought<Span<string>> | null;
  readonly counterparty: Sought<{ readonly contains: string }> | null;
  /** Whole yen. */
  readonly amount: Sought<Span<number>> | null;
}

export const NO_CONDITIONS: SearchConditions = { date: null, counterparty: null, amount: null };

type Asked = keyof SearchConditions;

const LABELS: Readonly<Record<Asked, readonly string[]>> = {
  date: ['取引日', '取引年月日', '契約日', '契約締結日', '契約年月日', '日付'],
  counterparty: ['相手方', '契約相手方', '契約の相手方', '取引先', '会社名', '受注者', '受託者'],
  amount: ['金額', '取引金額', '契約金額', '契約額'],
};
const BLANK = /^(空欄|空白|なし|未記入)$/;
const FISCAL_YEAR = /^(.+?)年度$/;
const AMOUNT_ENDS = /\s*(?:~|〜|から)\s*/;

/**
 * `argument` stands behind the word and may do without a label; `lines` stand below it, normalised. A line that is meant
 * as a condition and cannot be read is named in `unread`: searching without it would find too much.
 */
export function readSearch(
  argument: string,
  lines: readonly string[],
): { conditions: SearchConditions; unread: string[] } {
  const found: { -readonly [Name in Asked]: SearchConditions[Name] } = { ...NO_CONDITIONS };
  const unread: string[] = [];
  const take = (line: string, asked: Asked, value: string): void => {
    if (value === '') return;
    const read = readers[asked](value);
    if (read === null || found[asked] !== null) unread.push(line);
    else Object.assign(found, { [asked]: read });
  };
  for (const line of argument === '' ? lines : [argument, ...lines]) {
    const labelled = readLabelledLine(line);
    const asked = labelled && askedBy(labelled.written);
    if (labelled && asked) take(line, asked, labelled.value);
    else if (labelled && !SIGNATURE_LABEL.test(labelled.written)) unread.push(line);
    else if (line === argument) take(line, unlabelled(line), line);
  }
  return { conditions: found, unread };
}

const readers: { readonly [Name in Asked]: (value: string) => SearchConditions[Name] } = {
  date: (value) => (BLANK.test(value) ? 'blank' : readDates(value)),
  counterparty: (value) => (BLANK.test(value) ? 'blank' : { contains: value }),
  amount: (value) => (BLANK.test(value) ? 'blank' : readAmounts(value)),
};

function askedBy(written: string): Asked | undefined {
  return (Object.keys(LABELS) as Asked[]).find((asked) => LABELS[asked].includes(written));
}

function unlabelled(line: string): Asked {
  if (readDates(line) !== null) return 'date';
  return readAmounts(line) === null ? 'counterparty' : 'amount';
}

function readDates(value: string): Span<string> | null {
  const day = readDate(value);
  if (day !== null) return { from: day, to: day };
  const year = FISCAL_YEAR.exec(value)?.[1];
  if (year !== undefined) {
    const from = readDate(`${year}年4月1日`);
    return from === null ? null : { from, to: `${Number(from.slice(0, 4)) + 1}-03-31` };
  }
  return readTerm(value.replace(/以前$/, 'まで').replace(/以後$/, '以降'));
}

function readAmounts(value: string): Span<number> | null {
  const written = value.replace('以上', '~').replace(/(以下|以内|まで)$/, '');
  const upTo = /(以下|以内|まで)$/.test(value);
  const ends = written.split(AMOUNT_ENDS);
  const [first = '', last] = ends;
  if (ends.length > 2 || (first === '' && !last)) return null;
  if (last === undefined) {
    const yen = yenOf(first);
    return yen === null ? null : { from: upTo ? null : yen, to: yen };
  }
  // 「100~500万円」 means 100万円 to most, and 100円 to the letter.
  if (/^[\d,.]+$/.test(first) && /[億万千百十]/.test(last)) return null;
  const [from, to] = [first === '' ? null : yenOf(first), last === '' ? null : yenOf(last)];
  if ((first !== '' && from === null) || (last !== '' && to === null)) return null;
  return from !== null && to !== null && from > to ? null : { from, to };
}

function yenOf(text: string): number | null {
  return readAmount(text)?.yen ?? null;
}
