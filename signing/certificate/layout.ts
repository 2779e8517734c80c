/** Lays a certificate's words out on A4 pages: pure geometry in points, y counted from the top edge (R42). */
import { wrap } from '../line-breaks.ts';
import type { CertificateContent, CertificateSection } from '../ports.ts';

export const PAGE_WIDTH = 595.28;
export const PAGE_HEIGHT = 841.89;

const MARGIN = 51;
const WIDTH = PAGE_WIDTH - 2 * MARGIN;
const BOTTOM = PAGE_HEIGHT - 60;
const LABEL_WIDTH = 108;
const GAP = 8;
const BODY = 9.5;
const HEADING = 11.5;
const TITLE = 18;
const LEADING = 15;
/** How far a character rises above its baseline, in sizes. */
const ASCENT = 0.78;
const PADDING = 3;
/** A section's heading down to the line below it. */
const HEAD = LEADING + PADDING;
const TALLEST_ROW = BOTTOM - MARGIN - HEAD;

interface Row {
  readonly labels: readonly string[];
  readonly lines: readonly string[];
  readonly count: number;
  readonly height: number;
}

export type Mark =
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly text: string;
    }
  | {
      readonly kind: 'line';
      readonly x: number;
      readonly y: number;
      readonly to: number;
      readonly strong: boolean;
    }
  | {
      readonly kind: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    };

export type Measure = (text: string, size: number) => number;

/** The marks of each page. */
export function layOut(content: CertificateContent, measure: Measure): Mark[][] {
  const pages: Mark[][] = [[]];
  let y = MARGIN;
  const put = (mark: Mark): void => void pages.at(-1)!.push(mark);
  const text = (words: string, x: number, size: number): void =>
    put({ kind: 'text', x, y: y + (LEADING + ASCENT * size) / 2, size, text: words });
  const room = (height: number): boolean => {
    if (y + height <= BOTTOM) return true;
    pages.push([]);
    y = MARGIN;
    return false;
  };
  const paragraph = (words: string): void => {
    for (const line of wrap(words, WIDTH, (part) => measure(part, BODY))) {
      room(LEADING);
      text(line, MARGIN, BODY);
      y += LEADING;
    }
  };
  const centred = (words: string, size: number): void =>
    text(words, (PAGE_WIDTH - measure(words, size)) / 2, size);

  const rowOf = ({ label, value }: CertificateSection['rows'][number]): Row => {
    const labels = wrap(label, LABEL_WIDTH - GAP, (part) => measure(part, BODY));
    const width = WIDTH - LABEL_WIDTH - GAP;
    const values = typeof value === 'string' ? [value] : value;
    const lines = values.flatMap((one) => wrap(one, width, (part) => measure(part, BODY)));
    const count = Math.max(labels.length, lines.length);
    // What is taller than a page is broken within itself.
    return { labels, lines, count, height: Math.min(count * LEADING + 2 * PADDING, TALLEST_ROW) };
  };
  const row = ({ labels, lines, count, height }: Row, heading: () => void): void => {
    if (!room(height)) heading();
    y += PADDING;
    for (let at = 0; at < count; at++) {
      if (!room(LEADING)) heading();
      const [left, right] = [labels[at], lines[at]];
      if (left !== undefined) text(left, MARGIN + GAP / 2, BODY);
      if (right !== undefined) text(right, MARGIN + LABEL_WIDTH, BODY);
      y += LEADING;
    }
    y += PADDING;
    put({ kind: 'line', x: MARGIN, y, to: MARGIN + WIDTH, strong: false });
  };

  const section = ({ heading, rows: facts, paragraphs }: CertificateSection): void => {
    const rows = facts.map(rowOf);
    y += LEADING;
    // A heading never stands alone at the foot of a page.
    room(Math.min(HEAD + PADDING + (rows[0]?.height ?? 2 * LEADING), BOTTOM - MARGIN));
    const head = (words: string): void => {
      text(words, MARGIN, HEADING);
      y += HEAD;
      put({ kind: 'line', x: MARGIN, y, to: MARGIN + WIDTH, strong: true });
    };
    head(heading);
    for (const one of rows) row(one, () => head(`${heading}${content.continued}`));
    if (paragraphs.length > 0) y += PADDING;
    paragraphs.forEach(paragraph);
  };

  centred(content.title, TITLE);
  y += TITLE + LEADING;
  if (content.notice !== null) {
    put({ kind: 'box', x: MARGIN, y, width: WIDTH, height: LEADING + 2 * PADDING });
    y += PADDING;
    centred(content.notice, HEADING);
    y += LEADING + 3 * PADDING;
  }
  content.lead.forEach(paragraph);
  content.sections.forEach(section);
  return pages.map((marks, index) => [
    ...marks,
    ...foot(content.footer, `${index + 1}/${pages.length}`, measure),
  ]);
}

function foot(words: string, number: string, measure: Measure): Mark[] {
  const size = 8;
  const y = BOTTOM + 24;
  return [
    { kind: 'line', x: MARGIN, y: BOTTOM + 12, to: MARGIN + WIDTH, strong: false },
    { kind: 'text', x: MARGIN, y, size, text: words },
    { kind: 'text', x: MARGIN + WIDTH - measure(number, size), y, size, text: number },
  ];
}
