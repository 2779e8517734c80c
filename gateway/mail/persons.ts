// Takes a person line apart: 「株式会社サンプル 代表取締役 山田太郎 <yamada@sample.example.jp>」 or 「整理番号12345」.

export interface Person {
  company?: string;
  title?: string;
  name?: string;
  address?: string;
  /** The number of a registration (整理番号); then nothing else is needed. */
  receiptNumber?: string;
}

/** Longer than any person; matching takes time with the square of the length. */
const LENGTH_LIMIT = 300;
const ADDRESS = /<([^<>\s]*)>|([^\s<>()（）[\]、,;]+@[^\s<>()（）[\]、,;]+)/g;
/** 山田太郎（yamada@sample.example.jp） */
const BRACKETED_ADDRESS = /[(（[]\s*([^\s<>()（）[\]、,]+@[^\s<>()（）[\]、,]+)\s*[)）\]]/g;
const COMPANY =
  /(株式会社|有限会社|合同会社|合名会社|合資会社|法人|組合|商店|商会|工務店|建設|工業|事務所|企業体|JV|共同体|センター|協会|公社|\((株|有|同|資|名|一社|公社|一財|公財)\))/;
const COMPANY_ABBREVIATION = /\((株|有|同|資|名|一社|公社|一財|公財)\)/g;
const COMPANY_FORM =
  /^(株式会社|有限会社|合同会社|合名会社|合資会社|(一般|公益)?(社団|財団)法人|\((株|有|同)\))$/;
const TITLE =
  /(取締役|社長|会長|理事長?|所長|店長|部長|課長|係長|室長|局長|次長|班長|専務|常務|支配人|代表(者|社員)?|店主|主任|主査|主事|主幹|参事|技師|[村町市区]長|知事|管理者|教育長|[院校園館場]長|センター長|組合長|書記|書士|職務代理者|代理人?|補佐)$/;
const GLUED_TITLE = /^(.+?)(代表取締役(?:社長|会長)?|取締役社長|代表理事|代表社員|理事長)(.+)$/;

/** Null when it cannot be read without guessing: two addresses, a broken one, anything else in brackets. Absent parts stay absent. */
export function readPerson(value: string): Person | null {
  if (value.length > LENGTH_LIMIT) return null;
  const receipt = /^整理番号\s*[:：]?\s*([0-9A-Za-z-]+)$/.exec(value)?.[1];
  if (receipt !== undefined) return { receiptNumber: receipt };
  const addresses = [...value.matchAll(ADDRESS)].map((match) => match[1] ?? match[2]!);
  if (addresses.length > 1 || addresses.some((address) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)))
    return null;
  const words = value
    .replace(BRACKETED_ADDRESS, ' $1 ')
    .replace(ADDRESS, ' ')
    .split(/[\s、,;"]+/)
    .filter((word) => word !== '');
  if (words.some((word) => /[()]/.test(word.replaceAll(COMPANY_ABBREVIATION, '')))) return null;
  const person = { ...nameParts(words), ...(addresses[0] === undefined ? {} : { address: addresses[0] }) };
  return Object.keys(person).length === 0 ? null : person;
}

function nameParts(words: string[]): Person {
  const glued = words.length === 1 ? GLUED_TITLE.exec(words[0]!) : null;
  if (glued !== null) return parts(glued.slice(1, 2), glued.slice(2, 3), glued.slice(3));
  const title = words.findLastIndex((word) => TITLE.test(word));
  if (title !== -1) return parts(words.slice(0, title), [words[title]!], words.slice(title + 1));
  const company = words.findLastIndex((word) => COMPANY.test(word));
  if (company === -1) return parts([], [], words);
  // 「株式会社 サンプル 山田太郎」: a legal form alone belongs to the word behind it.
  const end = company + (company === 0 && COMPANY_FORM.test(words[0]!) ? 2 : 1);
  return parts(words.slice(0, end), [], words.slice(end));
}

function parts(company: string[], title: string[], name: string[]): Person {
  const person: Person = {};
  if (company.length > 0) person.company = company.join(' ');
  if (title.length > 0) person.title = title.join(' ');
  const fullName = name.join(' ').replace(/\s*(様|殿|さん)$/, '');
  if (fullName !== '') person.name = fullName;
  return person;
}
