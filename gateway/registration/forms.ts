// Forms as data (R1–R3): which header means what, how a file is written, and the ready-made mappings to start from.
import { COLUMN_NAMES, COLUMNS, type Column, foldName } from './columns.ts';

/** How the applications of a form stand with the municipality. */
export const APPLICATION_STATUSES = ['accepted', 'waiting', 'withdrawn', 'rejected'] as const;
export type ApplicationStatus = (typeof APPLICATION_STATUSES)[number];

/** Encodings a feed may come in; `auto` looks at the octets. */
export const FEED_ENCODINGS = ['utf-8', 'cp932', 'utf-16le', 'utf-16be'] as const;
export type FeedEncoding = (typeof FEED_ENCODINGS)[number];

/** What stands between two values; `auto` looks at the header. */
export const DELIMITERS = { comma: ',', tab: '\t', semicolon: ';' } as const;
export type Delimiter = keyof typeof DELIMITERS;

/** R3: a registration for each contract, or once for all. */
export type RegistrationModel = 'perContract' | 'standing';

/** One e-application form as its feed looks. */
export interface Form {
  /** Receipt numbers are unique within one; never changes once registrations exist. */
  readonly name: string;
  readonly model: RegistrationModel;
  /** The section in charge where a row names none; null: none. */
  readonly section: string | null;
  /** Headers that mean a column, the usual one first; none: the form does not ask for it. */
  readonly fields: Readonly<Record<Column, readonly string[]>>;
  /** Columns that a feed may lack altogether. */
  readonly optional: readonly Column[];
  /** Values of 処理状況. */
  readonly statuses: Readonly<Record<ApplicationStatus, readonly string[]>>;
  /** Headers that mean nothing to us but are kept with the registration. */
  readonly keep: readonly string[];
  readonly encoding: 'auto' | FeedEncoding;
  readonly delimiter: 'auto' | Delimiter;
}

/** What the configuration says of a form: a ready-made mapping and what differs from it. */
export interface FormSettings {
  readonly name: string;
  readonly preset: PresetName;
  readonly model: RegistrationModel | null;
  readonly section: string | null;
  readonly fields: Readonly<Partial<Record<Column, readonly string[]>>>;
  readonly optional: readonly Column[] | null;
  readonly statuses: Readonly<Partial<Record<ApplicationStatus, readonly string[]>>>;
  readonly keep: readonly string[];
  readonly encoding: 'auto' | FeedEncoding;
  readonly delimiter: 'auto' | Delimiter;
}

type Preset = Pick<Form, 'fields' | 'optional' | 'statuses'>;

const STATUSES: Preset['statuses'] = {
  accepted: [
    '受付済',
    '受付済み',
    '受理',
    '受理済',
    '処理待ち',
    '処理中',
    '処理済',
    '完了',
    '審査完了',
    '承認',
  ],
  waiting: ['返却', '返却中', '差戻し', '差し戻し', '補正待ち', '補正中', '保留'],
  withdrawn: [
    '取下げ',
    '取り下げ',
    '取下',
    '取下げ済',
    '取消',
    '取消し',
    '取り消し',
    'キャンセル',
    '申込取消',
  ],
  rejected: ['却下', '不受理', '未受理', '不承認', '無効'],
};

/** docs/touroku-csv.md describes it; all fourteen columns it had from the start must be there. */
const STANDARD: Preset = {
  fields: fieldsOf((column) => [COLUMNS[column]]),
  optional: ['status', 'procedure', 'entity', 'representation'],
  statuses: STATUSES,
};

const OPTIONAL: readonly Column[] = [
  'status',
  'procedure',
  'place',
  'entity',
  'title',
  'section',
  'representation',
  'remarks',
];

/** e-TUMO (ながの電子申請サービス and others of its family); a proposal, each municipality names its own questions. */
const E_TUMO: Preset = {
  fields: fieldsOf(
    (column) =>
      ({
        receiptNumber: ['整理番号', '受付番号', '申込番号'],
        appliedAt: ['申込日時', '申込日', '申請日時', '受付日時'],
        status: ['処理状況', '処理状態'],
        procedure: ['手続き名', '手続名', '手続き名称'],
        company: ['商号又は名称', '商号または名称', '商号・名称', '会社名', '法人名'],
        place: ['所在地', '住所', '本店所在地'],
        entity: ['個人・法人区分', '個人法人区分', '法人・個人の別', '申請者区分'],
        signatoryTitle: ['締結権限者役職', '契約締結権限者役職', '契約締結権限者の役職'],
        signatoryName: ['締結権限者氏名', '契約締結権限者氏名', '契約締結権限者の氏名'],
        signatoryAddress: [
          '締結権限者メールアドレス',
          '契約締結権限者メールアドレス',
          '契約締結権限者のメールアドレス',
        ],
        checkerName: ['事務担当者氏名', '契約事務担当者氏名', '担当者氏名'],
        checkerAddress: ['事務担当者メールアドレス', '契約事務担当者メールアドレス', '担当者メールアドレス'],
        phone: ['電話番号', '連絡先電話番号', '日中連絡のとれる電話番号'],
        title: ['契約件名', '件名', '案件名', '工事名・業務名'],
        section: ['提出先', '提出先課名', '担当課'],
        consent: ['電子契約への同意', '電子契約に同意する', '電子契約の利用への同意'],
        representation: ['代表者の同意とみなすことの確認', 'みなし同意', '注意事項の確認'],
        remarks: ['備考', '備考欄', '連絡事項'],
      })[column],
  ),
  optional: OPTIONAL,
  statuses: STATUSES,
};

/** LoGoフォーム: the system's own columns, then the questions; a proposal too. */
const LOGO: Preset = {
  fields: fieldsOf((column) => {
    const own: Partial<Record<Column, readonly string[]>> = {
      receiptNumber: ['回答ID', '受付番号', '受付ID'],
      appliedAt: ['回答日時', '送信日時', '受付日時'],
      status: ['ステータス', '対応状況'],
      procedure: ['フォーム名', 'フォーム名称'],
    };
    return own[column] ?? E_TUMO.fields[column];
  }),
  optional: OPTIONAL,
  statuses: {
    ...STATUSES,
    accepted: [...STATUSES.accepted, '未対応', '対応中', '対応済', '対応済み', '対応完了'],
  },
};

/** Ready-made mappings; what really stands in an export is found with `keiyakubin feed map`. */
export const PRESETS = { 標準: STANDARD, 'e-tumo': E_TUMO, LoGo: LOGO } as const satisfies Record<
  string,
  Preset
>;
export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/**
 * The form the settings mean; `model` stands in where they leave it to the municipality. A header that the settings give to
 * a column, or keep, means no other column of the ready-made mapping any more.
 */
export function resolveForm(settings: FormSettings, model: RegistrationModel): Form {
  const preset = PRESETS[settings.preset];
  const { name, section, keep, encoding, delimiter } = settings;
  const given = new Set([...Object.values(settings.fields).flat(), ...keep].map(foldName));
  const fields = fieldsOf(
    (column) =>
      settings.fields[column] ?? preset.fields[column].filter((alias) => !given.has(foldName(alias))),
  );
  return {
    name,
    model: settings.model ?? model,
    section,
    fields,
    optional: settings.optional ?? preset.optional,
    statuses: { ...preset.statuses, ...settings.statuses },
    keep,
    encoding,
    delimiter,
  };
}

/** A ready-made mapping as it stands, under its own name. */
export function presetForm(preset: PresetName, model: RegistrationModel = 'perContract'): Form {
  const rest = { section: null, fields: {}, optional: null, statuses: {}, keep: [] } as const;
  return resolveForm({ name: preset, preset, model, ...rest, encoding: 'auto', delimiter: 'auto' }, model);
}

/** What a value of 処理状況 means; null for a word the form does not know. An empty one stands for accepted. */
export function statusOf({ statuses }: Form, value: string): ApplicationStatus | null {
  const wanted = foldStatus(value);
  if (wanted === '') return 'accepted';
  return (
    APPLICATION_STATUSES.find((status) => statuses[status].some((word) => foldStatus(word) === wanted)) ??
    null
  );
}

function foldStatus(value: string): string {
  return value.normalize('NFKC').replace(/\s/g, '');
}

function fieldsOf(aliases: (column: Column) => readonly string[]): Form['fields'] {
  return Object.fromEntries(COLUMN_NAMES.map((column) => [column, aliases(column)])) as Form['fields'];
}
