// Reads a contract amount in yen: digits, 万 and 千, 金…円也, and whether tax is in it (消費税法63条 for the two ways).

export interface Amount {
  /** Whole yen. */
  yen: number;
  tax: 'included' | 'excluded' | null;
}

const NUMBER = String.raw`[\d,]+(?:\.\d+)?(?:\s*[億万千百](?:\s*[\d,]+)?)*`;
const PRICE = new RegExp(String.raw`(?:金|¥|\\)?\s*(${NUMBER})\s*(円|也|-|$)`, 'g');
const TAX_SHARE = /(うち|内)[^\d]*(消費税|税)/;
const INCLUDED = /税込|内税|税を含む|消費税(及び地方消費税)?(の額|相当額)?(を|)含む|うち[^\d]*消費税/;
const EXCLUDED = /税抜|税別|外税|税を(除く|含まない|含まず)/;
const UNITS: Record<string, number> = { 億: 100_000_000, 万: 10_000, 千: 1_000, 百: 100 };

/** Null when there is no amount, more than one, or both ways of tax; the amount of tax named with うち is not counted. */
export function readAmount(text: string): Amount | null {
  const value = text.normalize('NFKC');
  const main = value.split(TAX_SHARE)[0]!;
  const prices = [...main.matchAll(PRICE)].map((match) => wholeYen(match[1]!.replace(/\s/g, '')));
  const [yen] = prices;
  if (prices.length !== 1 || yen == null) return null;
  const [included, excluded] = [INCLUDED.test(value), EXCLUDED.test(value)];
  if (included && excluded) return null;
  return { yen, tax: included ? 'included' : excluded ? 'excluded' : null };
}

/** 1,234,000 / 123万4千 / 1億2,345万; null when commas are misplaced or the sum is no whole yen. */
function wholeYen(written: string): number | null {
  let total = 0;
  for (const [, digits, unit] of written.matchAll(/([\d,.]+)([億万千百]*)/g)) {
    if (!/^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(digits!)) return null;
    const factor = [...unit!].reduce((product, sign) => product * UNITS[sign]!, 1);
    total += Number(digits!.replaceAll(',', '')) * factor;
  }
  return Number.isSafeInteger(total) && total >= 0 ? total : null;
}
