/** Renders a mail's text part (RFC 5322 2.1.1 leaves folding to the encoder): complete on its own, since staff networks show only this. */
import { manyLines, oneLine, webUrl } from './escape.ts';
import {
  addressApart,
  deskPairs,
  type MailBlock,
  type MailContent,
  noteLines,
  TEST_NOTICE,
} from './mail-content.ts';

/** Blocks that stand apart from what precedes them; all others follow line on line. */
const SET_APART: ReadonlySet<MailBlock['kind']> = new Set(['form', 'digests']);

export function mailText(content: MailContent): string {
  const out: string[] = [];
  if (content.testAuthority) out.push(`【${TEST_NOTICE}】`, '');
  for (const block of content.blocks) {
    if (SET_APART.has(block.kind)) out.push('');
    out.push(...blockText(block));
  }
  out.push('', ...deskPairs(content.desks).map(({ label, value }) => `${label}：${oneLine(value)}`));
  out.push(...noteLines(content.note).map(oneLine));
  return `${out.join('\n')}\n`;
}

function blockText(block: MailBlock): string[] {
  switch (block.kind) {
    case 'lines':
      return block.lines.map(oneLine).flatMap(addressApart);
    case 'table':
      return block.rows.flatMap((row) => rowText(row));
    case 'link':
      return [webUrl(block.url)];
    case 'entries':
      return block.entries.flatMap(({ rows, url }) => [
        ...rows.flatMap((row) => rowText([row])),
        webUrl(url),
      ]);
    case 'list':
      return block.items.map((item) => `・${oneLine(item)}`).flatMap(addressApart);
    case 'notice':
      return block.lines.map((line) => `【注意】${oneLine(line)}`);
    case 'quote':
      return manyLines(block.text).map((line) => `> ${line}`);
    case 'form':
      return block.lines.map(oneLine);
    case 'digests':
      return block.documents.flatMap(({ title, sha256 }) => [
        `${oneLine(title)}（SHA-256）`,
        oneLine(sha256),
      ]);
  }
}

function rowText(row: Extract<MailBlock, { kind: 'table' }>['rows'][number]): string[] {
  return row
    .map(
      ({ label, value }) =>
        `${label}：${(typeof value === 'string' ? [value] : value).map(oneLine).join('\n')}`,
    )
    .join('／')
    .split('\n');
}
