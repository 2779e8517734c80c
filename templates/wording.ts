/** What a municipality may say in its own words, on pages and in mails: a closed list, so that no setting can lose what law or procedure fixes (R58). */
import { municipalityWord } from './words.ts';

/** Sentences and phrases by their key; `{…}` is a placeholder. */
export const WORDING = {
  /** Pages: beside the logo and in the browser's tab. */
  site: { ours: '{自治体} 電子契約', longest: 40, may: ['自治体'] },
  /** Consent page, registration page and requests: what it does not cost. That paper may be chosen instead is said after it, always. */
  assurance: { ours: '費用、会員登録、インストールは不要です。', longest: 120, may: ['自治体'] },
  /** Pages: what becomes of names and addresses. */
  privacy: {
    ours: 'お名前とメールアドレスは、契約の締結・証明・連絡に使い、契約書の電子署名と合意締結証明書に記載します。',
    longest: 300,
    may: ['自治体'],
  },
  /** Below the desks of pages and mails, e.g. where questions and answers stand (R55). */
  note: { ours: '', longest: 200, may: ['自治体'] },
  /** Requests to vendors: the line after their name. */
  greeting: { ours: '', longest: 80, may: ['自治体'] },
  /** Requests: where a registered address comes from. */
  origin: {
    ours: '電子申請（整理番号{整理番号}）でご登録のアドレスにお送りしています。',
    longest: 120,
    may: ['自治体', '整理番号'],
    must: ['整理番号'],
  },
  /** Requests and notices of registration: where a vendor finds, without us, whom to ask whether a mail is ours; ends no sentence. */
  knownNumber: { ours: '{市町村}ホームページの代表番号', longest: 60, may: ['自治体', '市町村'] },
  /** Confirmed consents. */
  thanks: { ours: 'お手続きありがとうございました。', longest: 80, may: ['自治体'] },
  /** Cancelled requests. */
  apology: {
    ours: 'ご迷惑をおかけして申し訳ございません。今後については、担当者からご連絡します。',
    longest: 120,
    may: ['自治体'],
  },
  /** Subject of the mail that asks to confirm a registration. */
  registrationSubject: {
    ours: '{自治体}{敬称}よりメールアドレスの登録確認のお願いが届いています',
    longest: 60,
    may: ['自治体', '敬称'],
    must: ['自治体'],
  },
} as const satisfies Record<string, Rule>;

interface Rule {
  /** Said where the municipality has nothing of its own. */
  readonly ours: string;
  /** Characters, placeholders as they are written. */
  readonly longest: number;
  readonly may: readonly string[];
  readonly must?: readonly string[];
}

export type WordingKey = keyof typeof WORDING;
/** What a municipality says of it in its own words. */
export type Wording = Readonly<Partial<Record<WordingKey, string | null>>>;

/** Whose words they are. */
export interface Speaker {
  /** Name, e.g. 見本市. */
  readonly municipality: string;
  readonly wording?: Wording | undefined;
}

const PLACEHOLDER = /\{([^{}]*)\}/g;
/** Braces of either width, closed or not: whoever writes one means a placeholder. */
const BRACES = /[{｛][^{}｛｝]*[}｝]?|[}｝]/g;
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u;
const WEB_ADDRESS = /https?:\/\/|www\./i;

/** The municipality's sentence, else ours. `values` fill what stands in braces beside 自治体 and 市町村. */
export function worded(
  key: WordingKey,
  { municipality, wording }: Speaker,
  values: Readonly<Record<string, string>> = {},
): string {
  const known: Readonly<Record<string, string>> = {
    ...values,
    自治体: municipality,
    市町村: municipalityWord(municipality),
  };
  const text = wording?.[key] ?? WORDING[key].ours;
  return text.replace(PLACEHOLDER, (whole, name: string) => known[name] ?? whole).trim();
}

/** What keeps these words from being used for this key, in English; null where nothing does. */
export function wordingProblem(key: WordingKey, text: string): string | null {
  const { longest, may, must = [] }: Rule = WORDING[key];
  const written = (names: readonly string[]): string => names.map((name) => `{${name}}`).join(', ');
  const unknown = (text.match(BRACES) ?? []).filter((found) => !may.some((name) => found === `{${name}}`));
  if (unknown.length > 0) return `knows no placeholder but ${written(may)}: ${unknown.join(', ')}`;
  const missing = must.filter((name) => !text.includes(`{${name}}`));
  if (missing.length > 0) return `must hold the placeholder ${written(missing)}`;
  const { length } = [...text];
  if (length > longest) return `is ${length} characters long; at most ${longest} are shown well`;
  if (CONTROLS.test(text)) return 'must be one line without control characters';
  if (key !== 'note' && WEB_ADDRESS.test(text))
    return 'must hold no web address: a mail has one link, and only note may name a page';
  return null;
}
