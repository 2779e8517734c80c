// A form system's notification mail (R1): the answers as 「項目：値」 lines, read into one row like a file's.
import { COLUMN_NAMES, foldName } from './columns.ts';
import type { FeedItem } from './feed-items.ts';
import type { Form } from './forms.ts';
import { readCells, readHeader, unreadableIn } from './layout.ts';

/** A line that names an answer, with the beginning of its value. */
interface Labelled {
  readonly label: string;
  readonly value: string;
  /** 【項目】 or ■項目: a heading even where nothing follows. */
  readonly decorated: boolean;
}

interface Answer extends Labelled {
  readonly lines: string[];
}

// For lines without outer blanks. Labels are bounded and no two parts can take the same blanks: applicants write these lines.
const BRACKETED = /^[【［〔[]([^】］〕\]]{1,60})[】］〕\]]\s*[:：]?(.*)$/u;
const MARKED = /^[■◆●▼□◇◎]([^:：]{1,60})(?:[:：](.*))?$/u;
const PLAIN = /^(?:[・○*-]|\(?\d{1,2}[.)])?([^:：\t]{1,60})(?:[:：](?!\/\/)|\t)(.*)$/u;
const RULE = /^[-=─━＝―－_*~＊]{3,}$/u;

/**
 * One row, or the refusal that says why there is none. A value goes on over the next lines up to a blank line, a rule, a
 * heading or another label. A label that is there twice is refused: an applicant's text must not pass for another answer.
 */
export function* readNotification(text: string, form: Form): Generator<FeedItem> {
  const known = new Set(
    [...COLUMN_NAMES.flatMap((column) => form.fields[column]), ...form.keep].map(foldName),
  );
  const remarks = new Set(form.fields.remarks.map(foldName));
  const answers: Answer[] = [];
  let firstLine: number | null = null;
  /** The answer that is still going on. */
  let open: Answer | null = null;
  for (const [index, written] of text.split(/\r\n?|\n/).entries()) {
    const value = written.trim();
    const labelled = readLabel(value);
    if (labelled && known.has(foldName(labelled.label))) {
      open = { ...labelled, lines: labelled.value === '' ? [] : [labelled.value] };
      answers.push(open);
      firstLine ??= index + 1;
      continue;
    }
    // Below 【申込日時】 a time is no label, nor is anything in a remark.
    const takesAll = open !== null && (remarks.has(foldName(open.label)) || isBareHeading(open));
    const foreign = labelled !== null && (labelled.decorated || !takesAll);
    const blank = value === '';
    // The value of 【項目】 may stand below, after a blank line too.
    if (RULE.test(value) || foreign || (blank && open !== null && open.lines.length > 0)) open = null;
    else if (!blank) open?.lines.push(value);
  }
  const header = answers.map(({ label }) => label);
  const original = answers.map(({ lines }) => lines.join('\n'));
  const line = firstLine ?? 1;
  const found = readHeader(header, form);
  if ('refusals' in found) {
    yield { line, original, refusals: found.refusals, ends: true };
    return;
  }
  yield { header, line, encoding: null, delimiter: null };
  const cells = readCells(original, found.layout);
  const refusals = unreadableIn(cells);
  yield refusals.length > 0 ? { line, original, refusals, ends: true } : { line, original, cells };
}

/** A heading whose value has not begun: it stands on the lines below. */
function isBareHeading({ decorated, lines }: Answer): boolean {
  return decorated && lines.length === 0;
}

function readLabel(line: string): Labelled | null {
  const decorated = BRACKETED.exec(line) ?? MARKED.exec(line);
  const [, written = '', value = ''] = decorated ?? PLAIN.exec(line) ?? [];
  const label = written.trim();
  return label === '' ? null : { label, value: value.trim(), decorated: decorated !== null };
}
