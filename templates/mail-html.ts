/** Renders a mail's HTML part from one MJML layout that is compiled once; MJML does not escape, so every slot is escaped here. */
import { escapeHtml, manyLines, oneLine, webUrl } from './escape.ts';
import {
  addressApart,
  deskPairs,
  isWebAddress,
  type MailBlock,
  type MailContent,
  noteLines,
  type RenderedMail,
  type TablePair,
  TEST_NOTICE,
} from './mail-content.ts';
import { mailText } from './mail-text.ts';

const FONT = "'Hiragino Sans','Yu Gothic UI','Yu Gothic','Meiryo','Noto Sans JP',sans-serif";
const BLUE = '#0017c1';
const INK = '#1a1a1a';

/** One section per kind of block; what stands between two marks is that block's HTML. */
const LAYOUT = `
<mjml lang="ja">
  <mj-head>
    <mj-title>@@subject@@</mj-title>
    <mj-attributes>
      <mj-all font-family="${FONT}" color="${INK}" />
      <mj-body background-color="#f2f2f2" width="640px" />
      <mj-section background-color="#ffffff" padding="4px" />
      <mj-text font-size="16px" line-height="1.7" padding="4px 14px" />
      <mj-table font-size="15px" line-height="1.7" padding="4px 14px" />
      <mj-button background-color="${BLUE}" color="#ffffff" font-size="18px" font-weight="700" line-height="1.4"
        border-radius="8px" inner-padding="14px 32px" padding="12px 16px 4px" />
    </mj-attributes>
  </mj-head>
  <mj-body>
    <mj-section padding="6px"><mj-column></mj-column></mj-section>
    <mj-raw><!--block:banner--></mj-raw>
    <mj-section background-color="#ffc700"><mj-column>
      <mj-text font-weight="700" align="center">@@text@@</mj-text>
    </mj-column></mj-section>
    <mj-raw><!--block:lines--></mj-raw>
    <mj-section><mj-column><mj-text>@@lines@@</mj-text></mj-column></mj-section>
    <mj-raw><!--block:table--></mj-raw>
    <mj-section><mj-column><mj-table>@@rows@@</mj-table></mj-column></mj-section>
    <mj-raw><!--block:link--></mj-raw>
    <mj-section><mj-column>
      <mj-button href="@@href@@">@@label@@</mj-button>
      <mj-text font-size="14px"><a href="@@href@@" style="color:${BLUE};word-break:break-all">@@url@@</a></mj-text>
    </mj-column></mj-section>
    <mj-raw><!--block:entries--></mj-raw>
    <mj-section><mj-column><mj-text>@@entries@@</mj-text></mj-column></mj-section>
    <mj-raw><!--block:list--></mj-raw>
    <mj-section><mj-column><mj-text>@@lines@@</mj-text></mj-column></mj-section>
    <mj-raw><!--block:notice--></mj-raw>
    <mj-section><mj-column background-color="#fff0b3" border-left="6px solid #b78f00" padding="8px 0">
      <mj-text font-weight="700">@@lines@@</mj-text>
    </mj-column></mj-section>
    <mj-raw><!--block:quote--></mj-raw>
    <mj-section><mj-column background-color="#f2f2f2" border-left="6px solid #999999" padding="8px 0">
      <mj-text>@@lines@@</mj-text>
    </mj-column></mj-section>
    <mj-raw><!--block:form--></mj-raw>
    <mj-section><mj-column border="1px solid #767676" padding="8px 0"><mj-text>@@lines@@</mj-text></mj-column></mj-section>
    <mj-raw><!--block:digests--></mj-raw>
    <mj-section><mj-column><mj-text font-size="14px">@@lines@@</mj-text></mj-column></mj-section>
    <mj-raw><!--block:desks--></mj-raw>
    <mj-section background-color="#f2f2f2" padding="12px 4px 24px"><mj-column>
      <mj-text font-size="14px">@@lines@@</mj-text>
    </mj-column></mj-section>
    <mj-raw><!--block:end--></mj-raw>
  </mj-body>
</mjml>`;

const LABEL_STYLE =
  'padding:4px 6px 4px 0;vertical-align:top;width:8.1em;font-size:13px;line-height:1.96;color:#4d4d4d;border-bottom:1px solid #e6e6e6';
const VALUE_STYLE = 'padding:4px 0;vertical-align:top;border-bottom:1px solid #e6e6e6;word-break:break-word';
/** Sentences that run over several lines of a telephone must not run into each other. */
const LINE_STYLE = 'margin:0 0 6px';
const ITEM_STYLE = 'margin:0 0 4px 1em;text-indent:-1em';
const ENTRY_STYLE = 'margin:0;padding:8px 0;border-bottom:1px solid #e6e6e6';
const LINK_STYLE = `color:${BLUE};font-size:14px;word-break:break-all`;
const DIGEST_STYLE = "font-family:Consolas,'Courier New',monospace;word-break:break-all";

type Pieces = Record<MailBlock['kind'] | 'banner' | 'desks' | 'head' | 'tail', string>;

/**
 * Compiles the layout (about 20 ms after 0.7 s for loading MJML; once per process) and returns the renderer,
 * which is pure and takes microseconds. Rejects when MJML reports anything about the layout.
 */
export async function compileMails(): Promise<(content: MailContent) => RenderedMail> {
  const { default: mjml2html } = await import('mjml');
  const { html, errors } = await mjml2html(LAYOUT, { validationLevel: 'strict', keepComments: true });
  if (errors.length > 0)
    throw new Error(`mail layout: ${errors.map((error) => error.formattedMessage).join('; ')}`);
  const pieces = cut(html.replace(/\n\s*(?=\n)/g, '').replace(/^[ \t]+/gm, ''));
  return (content) => {
    const subject = oneLine(content.subject);
    return { subject, html: mailHtml(pieces, subject, content), text: mailText(content) };
  };
}

function cut(html: string): Pieces {
  const parts = html.split(/<!--block:(\w+)-->/);
  const pieces: Record<string, string> = { head: parts[0] ?? '' };
  for (let at = 1; at < parts.length; at += 2) pieces[parts[at] ?? ''] = parts[at + 1] ?? '';
  const { end, ...rest } = pieces;
  return { ...rest, tail: end } as Pieces;
}

function mailHtml(pieces: Pieces, subject: string, content: MailContent): string {
  const banner = content.testAuthority ? fill(pieces.banner, { text: escapeHtml(`【${TEST_NOTICE}】`) }) : '';
  const desks = deskPairs(content.desks).map(({ label, value }) => `${label}：${value}`);
  return [
    fill(pieces.head, { subject: escapeHtml(subject) }),
    banner,
    ...content.blocks.map((block) => blockHtml(pieces, block)),
    fill(pieces.desks, { lines: [broken(desks), ...noteLines(content.note).map(linked)].join('<br>') }),
    pieces.tail,
  ].join('');
}

/** A line that is a web address as a link, any other as it is. */
function linked(line: string): string {
  if (!isWebAddress(line)) return lineHtml(line);
  const url = escapeHtml(webUrl(line));
  return `<a href="${url}" style="${LINK_STYLE}">${url}</a>`;
}

function blockHtml(pieces: Pieces, block: MailBlock): string {
  const piece = pieces[block.kind];
  switch (block.kind) {
    case 'lines':
      // A section with nothing in it still has its padding.
      return block.lines.length === 0 ? '' : fill(piece, { lines: paragraphs(LINE_STYLE, block.lines) });
    case 'form':
      return fill(piece, { lines: broken(block.lines) });
    case 'list':
      return fill(piece, {
        lines: paragraphs(
          ITEM_STYLE,
          block.items.map((item) => `・${item}`),
        ),
      });
    case 'notice':
      return fill(piece, {
        lines: paragraphs(
          LINE_STYLE,
          block.lines.map((line) => `【注意】${line}`),
        ),
      });
    case 'quote':
      return fill(piece, { lines: broken(manyLines(block.text)) });
    case 'table':
      return fill(piece, { rows: block.rows.flat().map(rowHtml).join('') });
    case 'link': {
      const url = escapeHtml(webUrl(block.url));
      return fill(piece, { href: url, url, label: escapeHtml(block.label) });
    }
    case 'entries':
      return fill(piece, { entries: block.entries.map(entryHtml).join('') });
    case 'digests':
      return fill(piece, { lines: block.documents.map(digestHtml).join('<br>') });
  }
}

function rowHtml({ label, value }: TablePair): string {
  const cell = broken((typeof value === 'string' ? [value] : value).filter((line) => line !== ''));
  return `<tr><td style="${LABEL_STYLE}">${escapeHtml(label)}</td><td style="${VALUE_STYLE}">${cell}</td></tr>`;
}

function entryHtml({ rows, url }: Extract<MailBlock, { kind: 'entries' }>['entries'][number]): string {
  const lines = rows.flatMap(({ label, value }) => [value].flat().map((one) => `${label}：${one}`));
  const href = escapeHtml(webUrl(url));
  return `<p style="${ENTRY_STYLE}">${broken(lines)}<br><a href="${href}" style="${LINK_STYLE}">${href}</a></p>`;
}

function digestHtml({ title, sha256 }: { title: string; sha256: string }): string {
  return `${escapeHtml(oneLine(title))}（SHA-256）<br><span style="${DIGEST_STYLE}">${escapeHtml(oneLine(sha256))}</span>`;
}

function paragraphs(style: string, lines: readonly string[]): string {
  return lines
    .map((line) => `<p style="${style}">${addressApart(oneLine(line)).map(linked).join('<br>')}</p>`)
    .join('');
}

function broken(lines: readonly string[]): string {
  return lines.map(lineHtml).join('<br>');
}

/** Dates, times, telephone numbers and a person's name, which nobody reads well across the end of a line. */
const UNBROKEN =
  /(?:(?:令和|平成|昭和)(?:元|\d+)年)?\d+月\d+日(?:（.）)?|\d+時\d+分(?:\d+秒)?|\d+:\d\d～\d+:\d\d|\d{2,4}-\d{2,4}-\d{4}|(?<= )[^ 、。（）「」&;]{1,12}様/g;

function lineHtml(line: string): string {
  return escapeHtml(oneLine(line)).replace(UNBROKEN, '<span style="white-space:nowrap">$&</span>');
}

/** Fills slots in one pass, so that a value which looks like a slot stays text. */
function fill(piece: string, slots: Record<string, string>): string {
  return piece.replace(/@@(\w+)@@/g, (_, name: string) => {
    const value = slots[name];
    if (value === undefined) throw new Error(`mail layout: nothing for slot ${name}`);
    return value;
  });
}
