/** Writes PDFs octet by octet in structures that no library at hand makes: odd tables, packed objects, cross-reference streams (ISO 32000-2 7.5). */
import { deflateSync } from 'node:zlib';
import { streamText } from '../pdf-build.ts';

/** Object number → text between `obj` and `endobj`. */
export type Objects = Readonly<Record<number, string>>;

export interface TableOptions {
  /** What ends a line; `\r` alone is what old Macintosh programs wrote. */
  readonly eol?: '\n' | '\r' | '\r\n';
  /** What ends an entry of the table; two octets by the standard, one in many files. */
  readonly entryEnd?: string;
  readonly version?: string;
  /** Lines between the header and the first object, each without its end. */
  readonly comments?: readonly string[];
  /** Further trailer entries. */
  readonly trailer?: string;
  /** /Size as written, when not the right one. */
  readonly size?: number;
  /** Subsections for what is in use, instead of one that counts free numbers too. */
  readonly sparse?: boolean;
  readonly end?: string;
  /** Generation by object number; 0 for the others. */
  readonly generations?: Readonly<Record<number, number>>;
}

/** A file with a cross-reference table; object 1 is its catalog. */
export function tableFile(objects: Objects, options: TableOptions = {}): Buffer {
  const eol = options.eol ?? '\n';
  const entryEnd = options.entryEnd ?? (eol.length === 2 ? eol : ` ${eol}`);
  const comments = options.comments ?? ['%\xe2\xe3\xcf\xd3'];
  let file = [`%PDF-${options.version ?? '1.7'}`, ...comments, ''].join(eol);
  const numbers = Object.keys(objects).map(Number);
  const generation = (num: number): number => options.generations?.[num] ?? 0;
  const lines = new Map<number, string>([[0, `0000000000 65535 f${entryEnd}`]]);
  for (const num of numbers) {
    lines.set(num, `${digits(file.length, 10)} ${digits(generation(num), 5)} n${entryEnd}`);
    file += `${num} ${generation(num)} obj${eol}${objects[num]}${eol}endobj${eol}`;
  }
  const size = Math.max(...numbers) + 1;
  const free = (num: number): string => lines.get(num) ?? `0000000000 00000 f${entryEnd}`;
  const start = file.length;
  file += `xref${eol}`;
  if (options.sparse === true) for (const [num, line] of lines) file += `${num} 1${eol}${line}`;
  else file += `0 ${size}${eol}${Array.from({ length: size }, (_, num) => free(num)).join('')}`;
  const trailer = `<</Size ${options.size ?? size} /Root 1 ${generation(1)} R ${options.trailer ?? ''}>>`;
  const tail = ['trailer', trailer, 'startxref', String(start), '%%EOF'].join(eol);
  return Buffer.from(file + tail + (options.end ?? eol), 'latin1');
}

export interface StreamOptions {
  /** Numbers of the objects that go into an object stream. */
  readonly packed?: readonly number[];
  /** /W; the first may be 0 where nothing is packed. */
  readonly widths?: readonly [number, number, number];
  /** One /Index pair for each object instead of a single run. */
  readonly index?: boolean;
  readonly compress?: boolean;
  readonly trailer?: string;
  readonly version?: string;
}

/** A file with a cross-reference stream, and with an object stream where anything is packed. */
export function streamFile(objects: Objects, options: StreamOptions = {}): Buffer {
  const packed = options.packed ?? [];
  const numbers = Object.keys(objects).map(Number);
  const container = Math.max(...numbers) + 1;
  const own = packed.length > 0 ? container + 1 : container;
  const plain: Record<number, string> = {};
  for (const num of numbers) if (!packed.includes(num)) plain[num] = objects[num]!;
  if (packed.length > 0) plain[container] = objectStream(packed.map((num) => [num, objects[num]!]));
  let file = `%PDF-${options.version ?? '1.7'}\n%\xe2\xe3\xcf\xd3\n`;
  const widths = options.widths ?? [1, 4, 2];
  // Without a type column every entry is in use, and the free one at the head of the list is left out.
  const typed = widths[0] > 0;
  const rows = new Map<number, readonly number[]>(typed ? [[0, [0, 0, 65_535]]] : []);
  for (const [num, text] of Object.entries(plain)) {
    rows.set(Number(num), [1, file.length, 0]);
    file += `${num} 0 obj\n${text}\nendobj\n`;
  }
  for (const [index, num] of packed.entries()) rows.set(num, [2, container, index]);
  rows.set(own, [1, file.length, 0]);
  const listed = [...rows.keys()].sort((a, b) => a - b);
  const data = Buffer.concat(listed.map((num) => rowOf(rows.get(num)!, widths)));
  const index =
    options.index === true || !typed ? `/Index [${listed.map((num) => `${num} 1`).join(' ')}] ` : '';
  const filter = options.compress === true ? '/Filter /FlateDecode ' : '';
  const dict = `/Type /XRef /Size ${own + 1} /W [${widths.join(' ')}] ${index}${filter}/Root 1 0 R ${options.trailer ?? ''}`;
  const stored = options.compress === true ? deflateSync(data) : data;
  const start = file.length;
  file += `${own} 0 obj\n${streamText(dict, stored.toString('latin1'))}\nendobj\n`;
  return Buffer.from(`${file}startxref\n${start}\n%%EOF\n`, 'latin1');
}

/** The text of an object stream that holds these objects. */
export function objectStream(members: readonly (readonly [number, string])[], more = ''): string {
  let index = '';
  let body = '';
  for (const [num, text] of members) {
    index += `${num} ${body.length} `;
    body += `${text} `;
  }
  return streamText(`/Type /ObjStm /N ${members.length} /First ${index.length} ${more}`, index + body);
}

export interface UpdateOptions {
  /** Numbers to be marked free, with the generation they may be used with again. */
  readonly freed?: Readonly<Record<number, number>>;
  readonly generations?: Readonly<Record<number, number>>;
  readonly size: number;
  readonly trailer?: string;
}

/** Appends a revision with a table, as a program does that saves incrementally. */
export function updated(file: Buffer, objects: Objects, options: UpdateOptions): Buffer {
  const before = file.toString('latin1');
  const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(before)![1]!;
  let body = before;
  let table = 'xref\n';
  for (const [num, generation] of Object.entries(options.freed ?? {})) {
    table += `${num} 1\n0000000000 ${digits(generation, 5)} f \n`;
  }
  for (const [num, text] of Object.entries(objects)) {
    const generation = options.generations?.[Number(num)] ?? 0;
    table += `${num} 1\n${digits(body.length, 10)} ${digits(generation, 5)} n \n`;
    body += `${num} ${generation} obj\n${text}\nendobj\n`;
  }
  const trailer = `<</Size ${options.size} /Root 1 0 R /Prev ${previous} ${options.trailer ?? ''}>>`;
  return Buffer.from(`${body}${table}trailer\n${trailer}\nstartxref\n${body.length}\n%%EOF\n`, 'latin1');
}

function rowOf(fields: readonly number[], widths: readonly number[]): Buffer {
  return Buffer.concat(
    widths.map((width, column) => {
      const out = Buffer.alloc(width);
      let value = fields[column]!;
      for (let at = width - 1; at >= 0; at--, value = Math.floor(value / 256)) out[at] = value % 256;
      return out;
    }),
  );
}

export function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
