// Reads a contract amount in yen: digits, 万 and 千, 大字, 金…円也, 単価, and whether tax is in it (消費税法63条 for the two ways).

export interface Amount {
  /** Whole yen. */
  yen: number;
  tax: 'included' | 'excluded' | null;
  /** What one of costs so much in a 単価契約, e.g. 1t; 単価 where the line does not say. */
  unit?: string;
}

const TAX_SHARE = /[\s、,]*(?:うち|内)(?:取引に係る)?[^\d]*税[^)]*$/;
const INCLUDED =
  /税(?:等|\s*\d+%|\d+%の)?込|内税|税を含む|消費税(及び地方消費税|等)?(の額|相当額)?[\s金]*[\d,]*円?を?含む|(うち|内)[^\d]*消費税/;
const EXCLUDED = /税(?:\s*\d+%)?抜|税別|外税|消費税等?は?別途?|別途消費税|税を(除く|含まない|含まず)/;
/** No tax is due (消費税法6条): neither way of writing it applies. */
const UNTAXED = /^(?:消費税(?:等)?)?(?:は)?(?:非課税|不課税|免税)$/;
/** A note on tax in front of the price or behind it. */
const TAX_NOTE =
  '(?:\\d+%\\s*)?(?:消費税等?|税)(?:\\s*\\d+%\\s*)?(?:込み?|抜き?|は?別途?)(?:価格|額)?|内税|外税|別途消費税|(?:消費)?税(?:及び地方消費税|等)?(?:の額|相当額)?を?(?:含む|除く|含まない|含まず)';
const LEADING_TAX = new RegExp(`^(?:${TAX_NOTE})[\\s、,:]*`);
const TRAILING_TAX = new RegExp(`[\\s、,]*(?:${TAX_NOTE})$`);
/** How much of it is tax; the amount is not counted. */
const TAX_AMOUNT =
  /^(?:(?:うち|内)[^\d]*税|(?:取引に係る)?(?:消費)?税(?:及び地方消費税|等)?(?:の額|相当額)?\s*金?\s*[\d,]+\s*円を?含む$)/;
const BRACKETS = /\(([^()]*)\)/g;

const UNIT_BEFORE = /^(?:単価\s*)?(\S{1,8}?)\s*(?:当たり|当り|あたり|につき)[\s、,]*/;
const UNIT_BEHIND = /\s*\/\s*([^\s\d/][^\s/]{0,7})$/;
/** What one period costs, said in front; 「月額」 is a price per month. */
const PERIOD_BEFORE = /^(月|年|日|時間)額[\s:]*/;
const PERIOD_UNITS: Record<string, string> = { 月: '1か月', 年: '1年', 日: '1日', 時間: '1時間' };
const PRICE =
  /^(?:総額|合計|契約金額)?\s*(?:一?金|¥|\\)?\s*([\d,.億万千百十\s〇零一二三四五六七八九壱弐参拾]+?)\s*(円|圓)?\s*(?:也|整)?\s*(?:\.?[-ー])?$/;

/** Longer than any amount with its notes; matching takes time with the square of the length. */
const LENGTH_LIMIT = 300;
const KANJI_DIGITS = '〇一二三四五六七八九';
const FORMAL: Record<string, string> = { 零: '〇', 壱: '一', 弐: '二', 参: '三', 拾: '十' };
const SMALL_UNITS: Record<string, number> = { 千: 1_000, 百: 100, 十: 10 };
/** Yen; far below the sen, which nobody writes. */
const ROUNDING = 1e-6;
const BIG_UNITS: Record<string, number> = { 億: 100_000_000, 万: 10_000 };

/** Null when there is no amount, more than one, a word that changes it (約, 以内), or both ways of tax; the tax named with うち is not counted. */
export function readAmount(text: string): Amount | null {
  if (text.length > LENGTH_LIMIT) return null;
  const value = text
    .normalize('NFKC')
    .replace(/。(?=\s*(?:\)|$))/g, '')
    .trim();
  const [included, excluded] = [INCLUDED.test(value), EXCLUDED.test(value)];
  if (included && excluded) return null;
  const notes = [...value.matchAll(BRACKETS)].map((match) => match[1]!.trim());
  let unit = notes.map(unitNamed).find((named) => named !== undefined);
  if (notes.some((note) => !isTaxNote(note) && unitNamed(note) === undefined)) return null;
  let price = value.replace(BRACKETS, '').trim().replace(TAX_SHARE, '');
  price = price.replace(LEADING_TAX, '').replace(TRAILING_TAX, '');
  const before = UNIT_BEFORE.exec(price);
  const behind = UNIT_BEHIND.exec(price);
  if (before !== null) {
    unit = before[1];
    price = price.slice(before[0].length);
  } else if (behind !== null) {
    unit = behind[1];
    price = price.slice(0, behind.index);
  }
  const period = PERIOD_BEFORE.exec(price);
  if (period !== null) {
    unit = PERIOD_UNITS[period[1]!];
    price = price.slice(period[0].length);
  }
  if (/^単価/.test(price)) {
    unit ??= '単価';
    price = price.replace(/^単価[\s:]*/, '');
  }
  const written = PRICE.exec(price)?.[1]?.replace(/\s/g, '');
  const yen = written === undefined ? null : wholeYen(written);
  if (yen === null) return null;
  const tax = included ? 'included' : excluded ? 'excluded' : null;
  return { yen, tax, ...(unit === undefined ? {} : { unit }) };
}

function isTaxNote(note: string): boolean {
  return (
    new RegExp(`^(?:${TAX_NOTE})$`).test(note) || TAX_AMOUNT.test(note) || UNTAXED.test(note) || note === ''
  );
}

function unitNamed(note: string): string | undefined {
  return note === '単価' ? '単価' : /^(\S{1,8}?)\s*(?:当たり|当り|あたり|につき)(?:の単価)?$/.exec(note)?.[1];
}

/** 1,234,000 / 123万4千 / 1億2,345万 / 壱百拾万; null when commas are misplaced, units stand in a wrong order, or it is no whole yen. */
function wholeYen(written: string): number | null {
  const plain = [...written].map((sign) => FORMAL[sign] ?? sign).join('');
  let [total, section] = [0, 0];
  let [bigger, smaller] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let number: number | null = null;
  for (const [token] of plain.matchAll(/[\d,.]+|[〇一二三四五六七八九]+|./g)) {
    const [small, big] = [SMALL_UNITS[token], BIG_UNITS[token]];
    if (small !== undefined) {
      if (small >= smaller) return null;
      section += (number ?? 1) * small;
      [smaller, number] = [small, null];
    } else if (big !== undefined) {
      if (big >= bigger || (section === 0 && number === null)) return null;
      total += (section + (number ?? 0)) * big;
      [bigger, smaller, section, number] = [big, Number.POSITIVE_INFINITY, 0, null];
    } else {
      const read = numberIn(token);
      if (read === null || number !== null) return null;
      number = read;
    }
  }
  if (plain === '') return null;
  // 1.13万: what is written is exact, its product in binary is not.
  const exact = total + section + (number ?? 0);
  const yen = Math.round(exact);
  return Number.isSafeInteger(yen) && Math.abs(exact - yen) < ROUNDING ? yen : null;
}

function numberIn(token: string): number | null {
  if (/^[〇一二三四五六七八九]+$/.test(token)) {
    return Number([...token].map((sign) => KANJI_DIGITS.indexOf(sign)).join(''));
  }
  return /^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(token) ? Number(token.replaceAll(',', '')) : null;
}
