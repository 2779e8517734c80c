// Company names as they are compared: width, blanks, abbreviations and variants of one character do not count.

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\(株\)/g, '株式会社'],
  [/\(有\)/g, '有限会社'],
  [/\(合\)/g, '合同会社'],
  [/\(名\)/g, '合名会社'],
  [/\(資\)/g, '合資会社'],
];

const VARIANTS: Readonly<Record<string, string>> = {
  髙: '高',
  﨑: '崎',
  德: '徳',
  濵: '浜',
  濱: '浜',
  邉: '辺',
  邊: '辺',
};

/** For comparing only; the name itself is stored as written. */
export function foldCompany(name: string): string {
  const plain = name.normalize('NFKC').replace(/[\s・.,]/g, '');
  const whole = KINDS.reduce((text, [short, long]) => text.replace(short, long), plain);
  return whole.replace(/[髙﨑德濵濱邉邊]/g, (one) => VARIANTS[one] ?? one).toLowerCase();
}

/** 整理番号 as they are compared. */
export function foldNumber(number: string): string {
  return number.normalize('NFKC').replace(/\s/g, '');
}
