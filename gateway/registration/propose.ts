// A form's settings proposed from a real export: which header means which column, by name and by what stands below it (R1–R3).
import { isMailAddress, normaliseAddress } from '../mail/address.ts';
import { COLUMN_NAMES, type Column, foldName } from './columns.ts';
import { APPLICATION_STATUSES, type FormSettings, PRESET_NAMES, PRESETS, type PresetName } from './forms.ts';

/** Why a header was taken for a column. */
export type MatchReason = 'name' | 'similar' | 'content';

export interface Match {
  readonly column: Column;
  readonly header: string;
  readonly reason: MatchReason;
}

export interface Proposal {
  readonly settings: FormSettings;
  /** In the order of `COLUMN_NAMES`. */
  readonly matches: readonly Match[];
  /** Columns that a form must have and no header seems to mean. */
  readonly missing: readonly Column[];
  /** Headers that mean nothing to us. */
  readonly unknown: readonly string[];
}

interface Field {
  readonly header: string;
  readonly folded: string;
  /** What stands below it, without the empty ones. */
  readonly values: readonly string[];
}

/** Reads nothing into a form that has none of it: what is left `missing` or `unknown` is for people to settle. */
export function proposeForm(
  name: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): Proposal {
  const fields = header.map((written, index) => ({
    header: written.trim(),
    folded: foldName(written),
    values: rows.map((row) => (row[index] ?? '').trim()).filter((value) => value !== ''),
  }));
  const preset = likelyPreset(fields);
  const matches = matchesOf(fields, preset);
  const { fields: known, optional } = PRESETS[preset];
  const matchOf = (column: Column): Match | undefined => matches.find((match) => match.column === column);
  const own = matches.filter(({ column, header: used }) => {
    const means = fields.filter(({ folded }) => known[column].map(foldName).includes(folded));
    return means.length !== 1 || means[0]!.header !== used;
  });
  const settings: FormSettings = {
    name,
    preset,
    model: null,
    section: null,
    fields: Object.fromEntries(own.map(({ column, header: used }) => [column, [used]])),
    optional: null,
    statuses: {},
    keep: [],
    encoding: 'auto',
    delimiter: 'auto',
  };
  const used = new Set(matches.map((match) => match.header));
  return {
    settings,
    matches,
    missing: COLUMN_NAMES.filter((column) => !matchOf(column) && !optional.includes(column)),
    unknown: fields
      .filter((field) => field.header !== '' && !used.has(field.header))
      .map((field) => field.header),
  };
}

/** The ready-made mapping that finds most of its columns and misses least. */
function likelyPreset(fields: readonly Field[]): PresetName {
  const there = new Set(fields.map(({ folded }) => folded));
  const scores = PRESET_NAMES.map((preset) => {
    const { fields: known, optional } = PRESETS[preset];
    const score = COLUMN_NAMES.reduce((sum, column) => {
      if (known[column].some((alias) => there.has(foldName(alias)))) return sum + 1;
      return optional.includes(column) ? sum : sum - 1;
    }, 0);
    return { preset, score };
  });
  return scores.reduce((best, other) => (other.score > best.score ? other : best)).preset;
}

/** By name first; then, best first, by likeness of names and by content; each header and column once. */
function matchesOf(fields: readonly Field[], preset: PresetName): Match[] {
  const matches = new Map<Column, Match>();
  const taken = new Set<Field>();
  const take = (column: Column, field: Field, reason: MatchReason): void => {
    if (matches.has(column) || taken.has(field)) return;
    matches.set(column, { column, header: field.header, reason });
    taken.add(field);
  };
  for (const column of COLUMN_NAMES) {
    for (const alias of PRESETS[preset].fields[column].map(foldName)) {
      const field = fields.find(({ folded }) => folded === alias);
      if (field) take(column, field, 'name');
    }
  }
  const candidates = COLUMN_NAMES.flatMap((column) =>
    fields
      .filter(({ folded }) => folded !== '')
      .map((field) => ({ column, field, ...likeness(column, field) })),
  );
  for (const { column, field, score, reason } of candidates.sort((a, b) => b.score - a.score)) {
    if (score >= LIKELY) take(column, field, reason);
  }
  return COLUMN_NAMES.flatMap((column) => matches.get(column) ?? []);
}

const LIKELY = 0.5;
/** Values of which so many fit a column's kind say what they are. */
const MOST = 0.8;

function likeness(column: Column, { folded, values }: Field): { score: number; reason: MatchReason } {
  const fits = KINDS[column];
  const fitting = fits ? values.filter(fits).length / values.length : Number.NaN;
  // Addresses below 「電話番号」 are no telephone numbers, whatever the header says.
  if (fitting < MOST) return { score: 0, reason: 'similar' };
  const aliases = PRESET_NAMES.flatMap((preset) => PRESETS[preset].fields[column]).map(foldName);
  const byName = Math.max(...aliases.map((alias) => resemblance(alias, folded)));
  const byWord = WORDS[column].test(folded) ? LIKELY : 0;
  const byContent = fitting >= MOST && SURE.has(column) ? 0.4 : 0;
  const other = column.startsWith('checker') ? SIGNATORY : column.startsWith('signatory') ? CHECKER : null;
  const score = byName * 0.6 + byWord + byContent - (other?.test(folded) ? 0.4 : 0);
  return { score, reason: byName >= 0.5 || byWord > 0 ? 'similar' : 'content' };
}

const SIGNATORY = /締結|代表|権限|署名/;
const CHECKER = /事務|担当|確認/;

/** Words in a header that speak for a column. */
const WORDS: Readonly<Record<Column, RegExp>> = {
  receiptNumber: /(整理|受付|申込|申請|回答|受理).{0,2}(番号|id|no)|^(id|no\.?)$/,
  appliedAt: /(申込|申請|回答|送信|受付|提出|登録).{0,2}(日時|日|時刻)|timestamp/,
  status: /状況|状態|ステータス/,
  procedure: /手続|フォーム名/,
  company: /商号|会社|法人名|屋号|事業者|業者名|団体名|企業名/,
  place: /所在地|住所/,
  entity: /(個人|法人).*(区分|別)|申請者区分/,
  signatoryTitle: /役職|肩書|職名/,
  signatoryName: /氏名|名前/,
  signatoryAddress: /メール|mail|アドレス/,
  checkerName: /担当.*(氏名|名前|名$)|担当者$/,
  checkerAddress: /担当.*(メール|mail|アドレス)/,
  phone: /電話|tel|連絡先|携帯/,
  title: /件名|案件|工事名|業務名|契約名/,
  section: /提出先|担当課|所管|発注課/,
  consent: /電子契約.*(同意|承諾|利用|希望)/,
  representation: /みなし|みなす|注意事項/,
  remarks: /備考|連絡事項|特記|自由記述/,
};

const isAddress = (value: string): boolean => isMailAddress(normaliseAddress(value));
const isMoment = (value: string): boolean =>
  /^\D{0,4}\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,2}/.test(value.normalize('NFKC'));
const isPhone = (value: string): boolean =>
  /^[+\d][\d\s()-]{8,}$/.test(value.normalize('NFKC').replace(/[‐−–ー]/g, '-'));
const isOther = (value: string): boolean => !isAddress(value) && !isMoment(value);
const STATUS_WORDS = new Set(
  PRESET_NAMES.flatMap((preset) =>
    APPLICATION_STATUSES.flatMap((status) => PRESETS[preset].statuses[status]),
  ),
);

/** What a value of a column looks like, where that can be said. */
const KINDS: Readonly<Partial<Record<Column, (value: string) => boolean>>> = {
  receiptNumber: (value) => isOther(value) && !isPhone(value) && /^[\w.-]+$/.test(value.normalize('NFKC')),
  appliedAt: isMoment,
  status: (value) => STATUS_WORDS.has(value),
  company: isOther,
  entity: (value) => /個人|法人/.test(value),
  signatoryTitle: isOther,
  signatoryName: isOther,
  signatoryAddress: isAddress,
  checkerName: isOther,
  checkerAddress: isAddress,
  phone: isPhone,
  title: isOther,
  section: isOther,
};

/** Columns whose kind is hardly anything else's. */
const SURE: ReadonlySet<Column> = new Set([
  'appliedAt',
  'entity',
  'signatoryAddress',
  'checkerAddress',
  'phone',
]);

/** Shared pairs of characters (Dice), 0 to 1. */
function resemblance(a: string, b: string): number {
  const pairs = (text: string): string[] =>
    Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2));
  const left = pairs(a);
  const right = pairs(b);
  if (left.length + right.length === 0) return 0;
  const rest = [...right];
  let shared = 0;
  for (const pair of left) {
    const at = rest.indexOf(pair);
    if (at < 0) continue;
    rest.splice(at, 1);
    shared++;
  }
  return (2 * shared) / (left.length + right.length);
}
