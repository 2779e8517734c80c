/** What the text of the documents gives cause to look at again before it reaches a vendor (R18, R19). */
import { money } from '../../templates/index.ts';
import type { Draft } from '../contract/contract.ts';
import { readAmount } from '../mail/amounts.ts';
import type { ContractFields } from '../mail/contract-fields.ts';
import { datesWithin } from '../mail/dates.ts';
import { foldCompany } from '../registration/names.ts';
import { type DraftChecks, type Finding, finding } from './draft-checks.ts';

/** A document as far as it can be read. */
export interface ReadDocument {
  readonly name: string;
  readonly fileName: string;
  /** Text of each page, in order; null where there is none to read. */
  readonly pages: readonly string[] | null;
}

/** A heading stands among so many characters of page 1. */
const HEADING_LENGTH = 40;
/** Less text than this is a cover sheet or a drawing, which need not name anybody. */
const TELLING_LENGTH = 200;
/** So far behind its label a date still belongs to it. */
const REACH = 60;

const AUTO_RENEWAL =
  /自動(?:的に)?(?:更新|延長)(?!(?:は|を|も)?(?:し|行わ|され)?な(?:い|く))|(?:同一|同じ|従前)の?条件(?:で|により|をもって)[^。]{0,15}(?:更新|延長)(?!(?:は|を)?しな)/;
const PRICE =
  /(請負代金額?|請負金額|契約金額|契約単価|契約代金額?|業務委託料|委託料|売買代金額?|賃貸借料|代金額)[^\d〇零一二三四五六七八九壱弐参拾百千万億]{0,8}([\d,〇零一二三四五六七八九壱弐参拾百千万億十]{1,25}円)/g;
/** What stands for what one costs, never for all that is paid. */
const UNIT_PRICE = '契約単価';
const PERIOD = /履行期間|契約期間|委託期間|業務期間|賃貸借期間|工期|履行期限|納期/g;
/** 消費税法29条: 7.8 % and 2.2 % local, or 8 % reduced. */
const TAX_RATES = [0.1, 0.08];

export function checkDocuments(
  documents: readonly ReadDocument[],
  { fields, steps, checks }: { fields: ContractFields; steps: Draft['steps']; checks: DraftChecks },
): Finding[] {
  const read = documents.map((document) => ({
    name: document.name,
    fileName: flat(document.fileName),
    heading: headingOf(document),
    text: flat((document.pages ?? []).join('')),
  }));
  return [
    ...read.flatMap((document) => checkOne(document, checks)),
    ...companyFindings(read, steps, checks),
    ...amountFindings(read, fields, checks),
    ...termFindings(read, fields, checks),
  ];
}

/** 建設業法2条1項: a contract for works, by its title or a document's heading. */
export function isWorks(title: string, documents: readonly ReadDocument[]): boolean {
  return title.includes('工事') || documents.some((document) => headingOf(document).includes('工事請負'));
}

function headingOf({ pages }: ReadDocument): string {
  return flat(pages?.[0] ?? '').slice(0, HEADING_LENGTH);
}

interface FlatDocument {
  readonly name: string;
  readonly fileName: string;
  readonly heading: string;
  readonly text: string;
}

function checkOne({ name, fileName, heading, text }: FlatDocument, checks: DraftChecks): Finding[] {
  const label = flat(name);
  const within = (words: readonly string[], ...texts: string[]): string | undefined =>
    words.find((word) => texts.some((one) => one.includes(flat(word))));
  const paper = within(checks.paperOnlyWords, heading);
  const price = within(checks.priceWords, label, fileName, text);
  const wrong = within(checks.wrongDocumentWords, label, fileName, heading);
  return [
    ...(paper === undefined ? [] : finding(checks.paperOnly, 'paper-only-document', { name, value: paper })),
    ...(AUTO_RENEWAL.test(text) ? finding(checks.autoRenewal, 'auto-renewal', { name }) : []),
    ...(price === undefined ? [] : finding(checks.prices, 'price-word', { name, value: price })),
    ...(wrong === undefined ? [] : finding(checks.wrongDocuments, 'wrong-document', { name, value: wrong })),
  ];
}

/** Each vendor's company must stand somewhere in the documents, once there is text enough to name it. */
function companyFindings(
  documents: readonly FlatDocument[],
  steps: Draft['steps'],
  { differences }: DraftChecks,
): Finding[] {
  const text = documents.map((document) => document.text).join('');
  if (text.length < TELLING_LENGTH) return [];
  const folded = foldCompany(text);
  return steps
    .filter(({ role }) => role === 'signatory')
    .flatMap(({ person }) => person.company ?? [])
    .filter((company) => !folded.includes(foldCompany(company)))
    .flatMap((company) => finding(differences, 'company-not-found', { value: company }));
}

function amountFindings(
  documents: readonly FlatDocument[],
  { amount }: ContractFields,
  { differences }: DraftChecks,
): readonly Finding[] {
  if (amount === null) return [];
  // What a month costs contradicts no total.
  const named = documents.flatMap(({ name, text }) =>
    [...text.matchAll(PRICE)].flatMap(([, label, written]) => {
      if (amount.unit !== undefined && label !== UNIT_PRICE) return [];
      const yen = readAmount(written!)?.yen;
      return yen === undefined ? [] : [{ name, yen }];
    }),
  );
  const [first] = named;
  const fitting = [
    amount.yen,
    ...(amount.tax === 'included' ? [] : TAX_RATES.map((rate) => Math.floor(amount.yen * (1 + rate)))),
  ];
  if (first === undefined || named.some(({ yen }) => fitting.includes(yen))) return [];
  return finding(differences, 'amount-differs', {
    name: first.name,
    label: money({ yen: first.yen, tax: null }),
    value: money({ yen: amount.yen, tax: null }),
  });
}

function termFindings(
  documents: readonly FlatDocument[],
  { term }: ContractFields,
  { differences }: DraftChecks,
): readonly Finding[] {
  const named = documents.flatMap(({ name, text }) =>
    [...text.matchAll(PERIOD)].flatMap(({ index, 0: label }) => {
      const behind = text.slice(index + label.length, index + label.length + REACH).split('。')[0]!;
      return datesWithin(behind).map((date) => ({ name, date }));
    }),
  );
  const [first] = named;
  const ends = [term?.from, term?.to].filter((date) => date != null);
  const absent = ends.find((end) => !named.some(({ date }) => date === end));
  if (first === undefined || absent === undefined) return [];
  return finding(differences, 'term-differs', { name: first.name, value: absent });
}

/** Width and blanks do not count: forms space their words out (工　期). */
function flat(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '');
}
