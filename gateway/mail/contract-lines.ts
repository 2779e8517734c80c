// Takes the text of a contract mail apart into labelled lines, and finds the lines that are meant but cannot be read.

import {
  type LabelledLine,
  type LabelName,
  namesPeople,
  opensLikeLabel,
  readLabelledLine,
} from './labels.ts';
import { isRule, ownParagraphs } from './reply-text.ts';
import { normaliseLine } from './text.ts';

export type KnownLine = LabelledLine & { label: LabelName };

/** A line that is no answer to anything: `label` where it has one. */
export interface UnreadLine {
  code: 'unknown-label' | 'ambiguous-line';
  args: Record<string, string>;
}

/** Lines of a signature that nobody fenced off; only below the last label of ours are they passed over. */
export const SIGNATURE_LABEL =
  /^(tel|fax|phone|mobile|e-?mail|mail|lgwan|url|hp|web|電話(番号)?|連絡先|内線|直通|ダイヤルイン|代表|携帯|ファ(ッ)?クス|メール(アドレス)?|住所|所在地|〒|担当|所属|部署|開庁時間|業務時間)/i;

/** People part the lines by headings of their own. */
const HEADING = /^(?:[【[〔＜《].{1,20}[】\]〕＞》]|[■□◆◇●○▼▽・*].{1,20}|記|以上)$/u;

const PERSON_LINES = 4;

/** A row of a table that was pasted as text: label, tab, answer. */
const TABLE_ROW = /^([^\t\n:：]{1,24})\t[\t ]*(?=\S|\r?$)/gm;
/** Also stand in the heads of quoted mails, where they say something else. */
const HEADER_LABELS = new Set(['宛先', '件名']);

function withColons(text: string): string {
  return text.replace(TABLE_ROW, (row, cell: string) => {
    const { label, written } = readLabelledLine(`${normaliseLine(cell)}:`) ?? {};
    return label && !HEADER_LABELS.has(written ?? '') ? `${cell}：` : row;
  });
}

/** Answers in the order of the mail; nothing of a signature below the last of them. */
export function labelledLines(text: string): { entries: KnownLine[]; unread: UnreadLine[] } {
  const lines = ownParagraphs(withColons(text)).flatMap((paragraph) =>
    paragraph.map((line, index) => ({ line, follows: index > 0, entry: readLabelledLine(line) })),
  );
  const ofSignature = linesOfSignature(lines);
  const lastKnown = lines.findLastIndex((one) => isKnown(one.entry) && !ofSignature.has(one));
  // A rule ends the mail only below the last label: people also draw rules around their lines.
  const signature = lines.findIndex(({ line }, index) => index > lastKnown && isRule(line));
  const body = signature === -1 ? lines : lines.slice(0, signature);
  const entries: KnownLine[] = [];
  const unread: UnreadLine[] = [];
  /** Lines of the last answer so far. */
  let span = 0;
  body.forEach(({ line, follows, entry }, index) => {
    const above = entries.at(-1);
    if (isKnown(entry)) {
      entries.push(entry);
      span = 1;
    } else if (entry !== null) {
      const { written, value } = entry;
      if (index < lastKnown || !SIGNATURE_LABEL.test(written))
        unread.push({ code: 'unknown-label', args: { label: written, value } });
      span = 0;
    } else if (opensLikeLabel(line)) {
      unread.push({ code: 'ambiguous-line', args: { line } });
      span = 0;
    } else if (above !== undefined && follows && span > 0 && continues(above, span, index < lastKnown)) {
      above.value = [above.value, line].filter((part) => part !== '').join(' ');
      span += 1;
    } else {
      span = 0;
      // Between two answers a line was meant as one; above and below them people greet each other.
      if (above !== undefined && index < lastKnown && !isRule(line) && !HEADING.test(line))
        unread.push({ code: 'ambiguous-line', args: { line } });
    }
  });
  return { entries, unread };
}

interface Line {
  readonly line: string;
  readonly entry: LabelledLine | null;
}

/** A signature between rules may have a 「宛先：」 of its own: nobody but its writer, where the counterparty is named elsewhere. */
function linesOfSignature<T extends Line>(lines: readonly T[]): Set<T> {
  const blocks: T[][] = [[]];
  for (const one of lines) {
    if (isRule(one.line)) blocks.push([]);
    blocks.at(-1)!.push(one);
  }
  const [, ...ruled] = blocks;
  const signatures = ruled.filter((block) => {
    const labels = block.flatMap(({ entry }) => (isKnown(entry) ? [entry.written] : []));
    const signs = block.some(({ line, entry }) => SIGNATURE_LABEL.test(entry?.written ?? line));
    return signs && labels.every((label) => HEADER_LABELS.has(label));
  });
  const found = new Set(signatures.flat());
  const named = lines.some((one) => one.entry?.label === 'counterparty' && !found.has(one));
  return named ? found : new Set();
}

/**
 * What is written below its label, without a blank line between; mailers also wrap a long line in front of the
 * address, and people write company, title, name and address on a line each.
 */
function continues({ label, value }: KnownLine, span: number, answersFollow: boolean): boolean {
  if (namesPeople(label)) return span < PERSON_LINES && !value.includes('@') && !/^整理番号/.test(value);
  // Below the last label an empty answer is more likely followed by a greeting.
  return label === 'note' || (value === '' && span === 1 && answersFollow);
}

function isKnown(entry: LabelledLine | null): entry is KnownLine {
  return entry !== null && entry.label !== null;
}
