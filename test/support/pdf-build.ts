/** Small PDFs put together by hand, for tests that need a certain structure (ISO 32000-2 7.5). */

export interface BuiltPdf {
  readonly bytes: Buffer;
  readonly offsets: ReadonlyMap<number, number>;
}

/** `%PDF`, the objects (number → text between obj and endobj) and, with `xref`, a table and trailer. */
export function buildPdf(
  objects: Record<number, string>,
  options: { trailer?: string; version?: string } = {},
): BuiltPdf {
  const { body, offsets } = buildBody(objects, options.version ?? '1.7');
  const size = [...offsets.keys()].at(-1)! + 1;
  const table = tableOf(size, offsets);
  const trailer = `trailer\n<</Size ${size} /Root 1 0 R ${options.trailer ?? ''}>>\n`;
  const bytes = Buffer.from(`${body}${table}${trailer}startxref\n${body.length}\n%%EOF\n`, 'latin1');
  return { bytes, offsets };
}

/** Appends a classic revision with `objects`, as an attacker or another program might. */
export function appendRevision(
  file: Uint8Array,
  objects: Record<number, string>,
  options: { trailer: string },
): Buffer {
  const before = Buffer.from(file).toString('latin1');
  const prev = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(before)![1]!;
  let body = before;
  let table = 'xref\n';
  let size = Number(/\/Size (\d+)(?!.*\/Size )/s.exec(before)![1]!);
  for (const [num, text] of Object.entries(objects)) {
    table += `${num} 1\n${String(body.length).padStart(10, '0')} 00000 n \n`;
    body += `${num} 0 obj\n${text}\nendobj\n`;
    size = Math.max(size, Number(num) + 1);
  }
  const trailer = `trailer\n<</Size ${size} /Prev ${prev} ${options.trailer}>>\n`;
  return Buffer.from(`${body}${table}${trailer}startxref\n${body.length}\n%%EOF\n`, 'latin1');
}

/** A stream object's text. */
export function streamText(dict: string, data: string): string {
  return `<<${dict} /Length ${data.length}>>\nstream\n${data}\nendstream`;
}

/** One page that shows a line of Helvetica; `page` adds or replaces page entries. */
export function onePage(page = '/MediaBox [0 0 595 842]'): Record<number, string> {
  return {
    1: '<</Type /Catalog /Pages 2 0 R>>',
    2: '<</Type /Pages /Kids [3 0 R] /Count 1 /Resources <</Font <</F1 5 0 R>>>>>>',
    3: `<</Type /Page /Parent 2 0 R /Contents 4 0 R ${page}>>`,
    4: streamText('', '1 0 0 1 72 700 cm BT /F1 24 Tf (Contract 100 yen) Tj ET'),
    5: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>',
  };
}

/**
 * The shape Word and Excel write: a table that hides the objects kept in an object stream, then a second, empty
 * section whose /XRefStm tells where they are (ISO 32000-2 7.5.8.4).
 */
export function buildHybrid(options: { contradict?: boolean } = {}): Buffer {
  const objects: Record<number, string> = {
    ...onePage('/MediaBox [0 0 595 842] /StructParents 0'),
    1: '<</Type /Catalog /Pages 2 0 R /MarkInfo <</Marked true>> /StructTreeRoot 6 0 R>>',
  };
  const packed: Record<number, string> = {
    6: '<</Type /StructTreeRoot /K [7 0 R]>>',
    7: '<</Type /StructElem /S /Document /P 6 0 R>>',
  };
  const texts = Object.values(packed);
  const index = `6 0 7 ${texts[0]!.length + 1} `;
  const dict = `/Type /ObjStm /N 2 /First ${index.length}`;
  const { body, offsets } = buildBody({ ...objects, 8: streamText(dict, index + texts.join(' ')) }, '1.7');
  const streamAt = body.length;
  const rows = [[0, 0, 255]];
  for (let num = 1; num <= 5; num++) rows.push([1, offsets.get(num)!, 0]);
  rows.push([2, 8, 0], [2, 8, 1], [1, offsets.get(8)!, 0], [1, streamAt, 0]);
  if (options.contradict === true) rows[4] = [1, offsets.get(5)!, 0];
  const data = Buffer.concat(
    rows.map(([type, second, third]) => Buffer.from([type!, second! >> 8, second! & 255, third!])),
  ).toString('latin1');
  const xref = `9 0 obj\n${streamText('/Type /XRef /Size 10 /W [1 2 1] /Root 1 0 R', data)}\nendobj\n`;
  const table = tableOf(10, new Map([...offsets].filter(([num]) => num <= 5)));
  const first = streamAt + xref.length;
  const trailer = `trailer\n<</Size 10 /Root 1 0 R>>\nstartxref\n${first}\n%%EOF\n`;
  const second = first + table.length + trailer.length;
  const closing = `xref\n0 0\ntrailer\n<</Size 10 /Root 1 0 R /Prev ${first} /XRefStm ${streamAt}>>\n`;
  return Buffer.from(`${body}${xref}${table}${trailer}${closing}startxref\n${second}\n%%EOF`, 'latin1');
}

function buildBody(
  objects: Record<number, string>,
  version: string,
): { body: string; offsets: Map<number, number> } {
  const offsets = new Map<number, number>();
  let body = `%PDF-${version}\n%\xe2\xe3\xcf\xd3\n`;
  for (const [num, text] of Object.entries(objects)) {
    offsets.set(Number(num), body.length);
    body += `${num} 0 obj\n${text}\nendobj\n`;
  }
  return { body, offsets };
}

function tableOf(size: number, offsets: ReadonlyMap<number, number>): string {
  let table = `xref\n0 ${size}\n0000000000 65535 f \n`;
  for (let num = 1; num < size; num++) {
    const offset = offsets.get(num);
    table +=
      offset === undefined ? '0000000000 00000 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
  }
  return table;
}
