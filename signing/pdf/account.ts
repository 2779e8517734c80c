/** Accounts for every octet of an appended region, so that nothing hides between its objects (ISO 32000-2 7.5.6). */
import type { PdfDocument } from './document.ts';
import { PdfDict } from './objects.ts';
import { isWhite, type ObjectParser } from './parse.ts';
import { PdfProblem } from './problem.ts';
import { parseAt } from './window.ts';

/** Why octets from `from` to the document's end are not just the objects and sections its cross-references name. */
export async function strayOctets(document: PdfDocument, from: number): Promise<string[]> {
  const known = new Set<number>();
  for (const section of document.sections) {
    known.add(section.offset);
    for (const entry of section.entries.values()) if (entry.type === 'plain') known.add(entry.offset);
  }
  try {
    for (let offset = from; offset < document.source.size; ) {
      offset = await parseAt(document.source, offset, (parser) => skipItem(parser, known));
    }
    return [];
  } catch (error) {
    if (error instanceof PdfProblem) return [`stray: ${error.message}`];
    throw error;
  }
}

/** Offset after one object, section or white space; throws PdfProblem on anything else. */
function skipItem(parser: ObjectParser, known: ReadonlySet<number>): number {
  while (isWhite(parser.peek())) parser.position++;
  const start = parser.base + parser.position;
  const refuse = (): never => {
    throw new PdfProblem('unreadable', `octets at offset ${start} belong to nothing`);
  };
  if (parser.peek() === -1) return start;
  if (parser.bytes[parser.position] === 0x25) {
    const comment = [...'%%EOF'].every((char, index) => parser.peek(index) === char.charCodeAt(0));
    if (!comment) refuse();
    parser.position += 5;
    if (parser.peek() !== -1 && !isWhite(parser.peek())) refuse();
  } else if (parser.keyword('startxref')) {
    if (!known.has(parser.integer() ?? -1)) refuse();
  } else if (parser.keyword('xref')) {
    if (!known.has(start)) refuse();
    skipTable(parser, refuse);
  } else if (parser.header() !== null && known.has(start)) {
    const object = parser.object();
    const data = parser.streamStart();
    if (data !== null) {
      const length = object instanceof PdfDict ? object.get('Length') : null;
      if (typeof length !== 'number') return refuse();
      parser.position += length;
      parser.peek();
      parser.skipWhite();
      if (!parser.keyword('endstream')) refuse();
    }
    parser.skipWhite();
    if (!parser.keyword('endobj')) refuse();
  } else refuse();
  return parser.base + parser.position;
}

function skipTable(parser: ObjectParser, refuse: () => never): void {
  for (;;) {
    parser.skipWhite();
    if (parser.keyword('trailer')) break;
    if (parser.integer() === null || parser.integer() === null) refuse();
    parser.skipWhite();
    // An entry has a third part, a subsection's head has not.
    parser.keyword('n') || parser.keyword('f');
  }
  parser.object();
}
