// Turns the HTML of a mail that has no text part into plain lines; quoted blocks keep their ">" (RFC 3676 §4.5).

/** Deeper quotes get no more marks: each of their lines would repeat them all. */
const MARKS_AT_MOST = 20;
const UNSEEN = new Set('script style head title template'.split(' '));
const TOKEN = /<!--|<\/?[a-z][^<>]*>|<![^<>]*>|[^<]+|</gi;
const BREAKING = new Set(
  'p div tr li h1 h2 h3 h4 h5 h6 ul ol table section article pre hr blockquote'.split(' '),
);
const ENTITIES: Record<string, string> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  yen: '¥',
  copy: '©',
  hellip: '…',
  middot: '·',
  ndash: '–',
  mdash: '—',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  zwnj: '',
  zwj: '',
  shy: '',
  times: '×',
};

/** Never throws, and takes time in proportion to its input: what is not understood as a tag is text. */
export function htmlToText(html: string): string {
  const lines: string[] = [];
  let line = '';
  let quoteDepth = 0;
  let unseen: string | null = null;
  const endLine = () => {
    const marks = '> '.repeat(Math.min(quoteDepth, MARKS_AT_MOST));
    if (line.trim() !== '') lines.push(`${marks}${line.trim()}`);
    line = '';
  };
  for (const [token] of html.matchAll(TOKEN)) {
    const tag = /^<(\/?)([a-z][a-z0-9]*)/i.exec(token);
    const [closing, name] = [tag?.[1] === '/', tag?.[2]?.toLowerCase() ?? ''];
    if (unseen === '-->') {
      if (!token.includes('-->')) continue;
      unseen = null;
      if (tag === null && !token.startsWith('<')) line += inlineText(token.slice(token.indexOf('-->') + 3));
    } else if (unseen !== null) {
      if ((closing && name === unseen) || name === 'body') unseen = null;
    } else if (token === '<!--') {
      unseen = '-->';
    } else if (tag === null) {
      if (!token.startsWith('<!')) line += inlineText(token);
    } else if (UNSEEN.has(name) && !closing) {
      unseen = name;
    } else {
      if (name === 'br' || BREAKING.has(name)) endLine();
      if (name === 'td' || name === 'th') line += ' ';
      if (name === 'blockquote') quoteDepth = Math.max(0, quoteDepth + (closing ? -1 : 1));
    }
  }
  endLine();
  return lines.join('\n');
}

function inlineText(source: string): string {
  return decodeEntities(source.replace(/\s+/g, ' '));
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const codePoint = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return codePoint > 0 && codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '';
  });
}
