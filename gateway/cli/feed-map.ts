/** `keiyakubin feed map`: proposes a form's settings from a real export, and shows its first rows as they would be read (R1–R3). */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { stringify } from 'yaml';
import { feedMapSentences as say } from '../../templates/feed-map.ja.ts';
import { importSentences, registrationSentence } from '../../templates/registration.ja.ts';
import {
  COLUMN_NAMES,
  COLUMNS,
  type FeedHeader,
  type FeedItem,
  type Form,
  type Proposal,
  presetForm,
  proposeForm,
  readFeed,
  resolveForm,
} from '../registration/index.ts';
import { fileErrorCode } from './file-source.ts';
import type { CommandIo } from './io.ts';

export interface FeedMapOptions {
  readonly file: string;
  /** Name that the form gets in the settings. */
  readonly form: string;
  /** Rows shown as read; 3 where not given. */
  readonly rows?: number | string | undefined;
}

/** Rows that are looked at for what stands below a header. */
const SAMPLED = 200;
const MOST_SHOWN = 100;

/**
 * Prints YAML: the settings to copy, everything else as comments above them. Exit code: 0 every column that must be there was
 * found and every shown row reads, 1 something is left to settle, 2 the file is no table.
 */
export async function feedMap({ file, form, rows = 3 }: FeedMapOptions, io: CommandIo): Promise<number> {
  const shown = Number(rows);
  if (!Number.isInteger(shown) || shown < 1 || shown > MOST_SHOWN) {
    io.err(say.badRowCount(String(rows)));
    return 2;
  }
  try {
    const [header, ...body] = await itemsOf(file, anyColumns(), SAMPLED);
    if (!header || !('header' in header)) {
      io.err(importSentences.notTaken(basename(file)));
      if (header && 'refusals' in header) io.err(reasonsOf(header).join(''));
      return 2;
    }
    const originals = body.flatMap((item) =>
      'original' in item && item.original.length > 0 ? [item.original] : [],
    );
    const proposal = proposeForm(form, header.header, originals);
    const read = await itemsOf(file, resolveForm(proposal.settings, 'perContract'), shown);
    const comments = [
      ...overview(basename(file), header, proposal),
      '',
      ...rowsAsRead(read, shown),
      '',
      say.settings,
    ];
    for (const line of comments) io.out(commented(line));
    io.out(snippetOf(proposal));
    const settled =
      proposal.missing.length === 0 && read.length > 1 && read.every((item) => !('refusals' in item));
    return settled ? 0 : 1;
  } catch (error) {
    if (fileErrorCode(error) === undefined) throw error;
    io.err(importSentences.noFile(file));
    return 2;
  }
}

/** A form that knows no column, so that any table can be looked at. */
function anyColumns(): Form {
  const fields = Object.fromEntries(COLUMN_NAMES.map((column) => [column, []])) as unknown as Form['fields'];
  return { ...presetForm('標準'), fields };
}

/** The header and so many items behind it; nothing beyond is read. */
async function itemsOf(file: string, form: Form, count: number): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  for await (const item of readFeed(createReadStream(file), form)) {
    items.push(item);
    if (items.length > count) break;
  }
  return items;
}

function overview(file: string, { header, encoding, delimiter }: FeedHeader, proposal: Proposal): string[] {
  const { matches, missing, unknown } = proposal;
  return [
    say.title(file),
    ...(encoding && delimiter ? [say.shape(encoding, delimiter, header.length)] : []),
    '',
    say.matches,
    ...matches.map(({ column, header: found, reason }) => `  ${say.match(COLUMNS[column], found, reason)}`),
    ...(missing.length > 0 ? [say.missing(missing.map((column) => COLUMNS[column]))] : []),
    ...(unknown.length > 0 ? [say.unknown(unknown)] : []),
  ];
}

function rowsAsRead(items: readonly FeedItem[], shown: number): string[] {
  const rows = items.filter((item) => !('header' in item)).slice(0, shown);
  if (rows.length === 0) return [say.noRows];
  const lines = rows.flatMap((item) => {
    if ('refusals' in item) return [`  ${say.unreadableRow(item.line, reasonsOf(item))}`];
    if (!('cells' in item)) return [];
    const { cells, line } = item;
    const values = COLUMN_NAMES.filter((column) => cells[column] !== '');
    return [
      `  ${say.row(line)}`,
      ...values.map((column) => `    ${say.value(COLUMNS[column], cells[column])}`),
    ];
  });
  return [say.rows(rows.length), ...lines];
}

function reasonsOf({ refusals }: Extract<FeedItem, { refusals: unknown }>): string[] {
  return refusals.map(({ code, args }) => registrationSentence(code, args));
}

/** Whatever stands in the file stays a comment, and tells the terminal nothing. */
function commented(line: string): string {
  const shown = line.replace(/(?!\n)\p{Cc}/gu, '').replaceAll('\n', '\n#   ');
  return `# ${shown}`.trimEnd();
}

function snippetOf({ settings: { name, preset, fields } }: Proposal): string {
  const form = { name, preset, ...(Object.keys(fields).length > 0 ? { fields } : {}) };
  return stringify({ forms: [form] }).trimEnd();
}
