/** Cross-reference tables, streams and hybrids, newest section first (ISO 32000-2 7.5.4, 7.5.8). */
import { setImmediate } from 'node:timers/promises';
import type { ByteSource } from '../ports.ts';
import { problemAtEnd } from './file-end.ts';
import { decodeStream, MAX_DECODED } from './filters.ts';
import { isArray, isName, PdfDict, type PdfObject, PdfRef } from './objects.ts';
import { isWhite, type ObjectParser } from './parse.ts';
import { unreadable } from './problem.ts';
import { readWhole } from './source.ts';
import { parseAt } from './window.ts';
import { XrefEntries, type XrefEntry } from './xref-entries.ts';

export interface XrefSection {
  readonly offset: number;
  /** No octet from here on was needed to read it. */
  readonly end: number;
  /** Octets and entries that were read for it. */
  readonly read: { readonly octets: number; readonly entries: number };
  readonly kind: 'table' | 'stream';
  readonly trailer: PdfDict;
  readonly entries: XrefEntries;
  /** Entries of a hybrid's /XRefStm: seen only by readers that know cross-reference streams. */
  readonly hidden: XrefEntries | null;
}

/** More objects than any contract has; guards against a /Size or /Index that asks for gigabytes. */
const MAX_OBJECTS = 8_388_607;
/** More revisions than any file has; guards against a chain without end. */
const MAX_SECTIONS = 4096;
const TAIL = 2048;
/** Entries that a file of any size may have. */
const SQUEEZED = 1_000_000;
/** Octets by which a cross-reference stream may be longer than its entries. */
const SPARE = 65_536;
const FREE: XrefEntry = { type: 'free' };
/** Entries of a table read at once, and the window they fit into as they are usually written (20 octets each). */
const ENTRIES_AT_ONCE = 1500;
const TABLE_WINDOW = 32_768;

/** Offset named by the last `startxref`; nothing but white space may follow its %%EOF. */
export async function findStartxref(source: ByteSource): Promise<number> {
  const length = Math.min(TAIL, source.size);
  const tail = Buffer.from(await source.read(source.size - length, length)).toString('latin1');
  const eof = tail.lastIndexOf('%%EOF');
  const rest = [...tail.slice(eof + 5)];
  if (eof < 0 || !rest.every((char) => isWhite(char.charCodeAt(0)))) throw await problemAtEnd(source);
  const found = /startxref[\r\n \t]+(\d{1,12})[\r\n \t]+$/.exec(tail.slice(0, eof));
  if (found === null) throw unreadable('no startxref before the last %%EOF');
  return Number(found[1]);
}

/** All sections from `start` along /Prev, newest first. */
export async function readSections(source: ByteSource, start: number): Promise<XrefSection[]> {
  const sections: XrefSection[] = [];
  const visited = new Set<number>();
  let [octets, entries] = [0, 0];
  for (let offset: number | null = start; offset !== null; ) {
    if (visited.has(offset) || visited.size >= MAX_SECTIONS) throw unreadable('cross-references in a loop');
    visited.add(offset);
    const section: XrefSection = await readSection(source, offset);
    octets += section.read.octets;
    entries += section.read.entries;
    // Sections within sections would be read as often as there are any.
    if (octets > 2 * source.size || entries > mostEntries(source))
      throw unreadable('cross-references without end');
    sections.push(section);
    await setImmediate();
    offset = optionalOffset(section.trailer, 'Prev');
  }
  return sections;
}

/** A million may be squeezed into a small file, more need their octets. */
function mostEntries({ size }: ByteSource): number {
  return Math.min(MAX_OBJECTS, SQUEEZED + size);
}

/** The section at `offset`, without those before it. */
export async function readSection(source: ByteSource, offset: number): Promise<XrefSection> {
  const start = await parseAt(source, offset, (parser) => {
    parser.skipWhite();
    return parser.keyword('xref') ? parser.base + parser.position : null;
  });
  if (start === null) return readXrefStream(source, offset);
  const table = await readTable(source, start);
  const hybrid = optionalOffset(table.trailer, 'XRefStm');
  const hidden = hybrid === null ? null : await readXrefStream(source, hybrid);
  const end = Math.max(table.end, hidden?.end ?? 0);
  const read = {
    octets: table.end - offset + (hidden?.read.octets ?? 0),
    entries: table.count + (hidden?.read.entries ?? 0),
  };
  const { trailer, entries } = table;
  return { offset, kind: 'table', trailer, entries, end, read, hidden: hidden?.entries ?? null };
}

/** How far into a table one has read: at `offset`, `left` entries of a subsection are to come, from `num` on. */
interface TablePosition {
  readonly offset: number;
  readonly num: number;
  readonly left: number;
}

async function readTable(
  source: ByteSource,
  start: number,
): Promise<Pick<XrefSection, 'trailer' | 'entries' | 'end'> & { count: number }> {
  const entries = new XrefEntries();
  let count = 0;
  for (let from: TablePosition = { offset: start, num: 0, left: 0 }; ; ) {
    const read = (parser: ObjectParser) => readEntries(parser, from, entries);
    const next = await parseAt(source, from.offset, read, TABLE_WINDOW);
    if ('trailer' in next) return { ...next, entries, count };
    // Heads of subsections count as entries.
    count += ENTRIES_AT_ONCE;
    if (count > MAX_OBJECTS) throw unreadable('broken xref table');
    await setImmediate();
    from = next;
  }
}

/** Some entries into `entries`; resolves to where to go on, or to the trailer that ends the table. */
function readEntries(
  parser: ObjectParser,
  { num, left }: TablePosition,
  entries: XrefEntries,
): TablePosition | Pick<XrefSection, 'trailer' | 'end'> {
  for (let read = 0; read < ENTRIES_AT_ONCE; read++) {
    if (left === 0) {
      parser.skipWhite();
      if (parser.keyword('trailer')) {
        return { trailer: trailerOf(parser), end: parser.base + parser.position };
      }
      const first = parser.integer();
      const count = parser.integer();
      if (first === null || count === null || first + count > MAX_OBJECTS)
        throw unreadable('broken xref table');
      [num, left] = [first, count];
      continue;
    }
    const offset = parser.integer();
    const gen = parser.integer();
    parser.skipWhite();
    if (offset === null || gen === null) throw unreadable('broken entry in xref table');
    if (parser.keyword('n')) entries.set(num, offset === 0 ? FREE : { type: 'plain', offset, gen });
    else if (parser.keyword('f')) entries.set(num, FREE);
    else throw unreadable('broken entry in xref table');
    num++;
    left--;
  }
  return { offset: parser.base + parser.position, num, left };
}

function trailerOf(parser: ObjectParser): PdfDict {
  const trailer = parser.object();
  if (trailer instanceof PdfDict) return trailer;
  throw unreadable('no trailer dictionary');
}

async function readXrefStream(source: ByteSource, offset: number): Promise<XrefSection> {
  const { dict, start } = await parseAt(source, offset, (parser) => {
    if (parser.header() === null) throw unreadable(`startxref or Prev names no section: offset ${offset}`);
    const dict = parser.object();
    const start = parser.streamStart();
    if (!(dict instanceof PdfDict) || start === null || !isName(dict.get('Type'), 'XRef')) {
      throw unreadable(`no cross-reference stream at offset ${offset}`);
    }
    return { dict, start };
  });
  const length = dict.get('Length');
  if (!isLength(length) || start + length > source.size) {
    throw unreadable('a cross-reference stream of unknown length');
  }
  const shape = shapeOf(dict, mostEntries(source));
  // A predictor puts an octet before each row.
  const limit = Math.min(MAX_DECODED, 2 * shape.count * shape.step + SPARE);
  const entries = unpack(shape, decodeStream(dict, await readWhole(source, start, length), limit));
  const end = start + length;
  const read = { octets: end - offset, entries: shape.count };
  return { offset, end, read, kind: 'stream', trailer: dict, entries, hidden: null };
}

/** How the entries of a cross-reference stream lie in it: octets of each part, and pairs of first number and count. */
interface Shape {
  readonly widths: readonly number[];
  readonly index: readonly number[];
  /** Octets of an entry. */
  readonly step: number;
  /** Entries of all pairs. */
  readonly count: number;
}

function shapeOf(dict: PdfDict, most: number): Shape {
  const widths = integers(dict.get('W'));
  const size = dict.get('Size');
  const step = widths.reduce((sum, width) => sum + width, 0);
  if (widths.length < 3 || step === 0 || widths.some((width) => width > 8) || typeof size !== 'number') {
    throw unreadable('broken cross-reference stream');
  }
  const index = dict.get('Index') === null ? [0, size] : integers(dict.get('Index'));
  const count = index.filter((_, at) => at % 2 === 1).reduce((sum, one) => sum + one, 0);
  if (!(count >= 0 && count <= most)) throw unreadable(`a cross-reference stream of ${count} entries`);
  return { widths, index, step, count };
}

function unpack({ widths, index, step }: Shape, data: Uint8Array): XrefEntries {
  const [type, second, third] = widths as [number, number, number];
  const entries = new XrefEntries();
  let position = 0;
  const field = (from: number, width: number): number => {
    let value = 0;
    for (let octet = from; octet < from + width; octet++) value = value * 256 + data[octet]!;
    return value;
  };
  for (let pair = 0; pair + 1 < index.length; pair += 2) {
    const [first, count] = [index[pair]!, index[pair + 1]!];
    if (first + count > MAX_OBJECTS || position + count * step > data.length) {
      throw unreadable('a cross-reference stream shorter than its index');
    }
    for (let num = first; num < first + count; num++, position += step) {
      const kind = type === 0 ? 1 : field(position, type);
      entries.set(num, entryOf(kind, field(position + type, second), field(position + type + second, third)));
    }
  }
  return entries;
}

function entryOf(type: number, second: number, third: number): XrefEntry {
  if (type === 1) return { type: 'plain', offset: second, gen: third };
  if (type === 2) return { type: 'packed', container: second, index: third };
  return FREE;
}

function integers(value: PdfObject): number[] {
  const list = isArray(value) ? value : [];
  return list.filter(
    (item): item is number => typeof item === 'number' && Number.isSafeInteger(item) && item >= 0,
  );
}

function optionalOffset(trailer: PdfDict, key: string): number | null {
  const value = trailer.get(key);
  // Some producers write 0 for none; the header stands there.
  if (value === null || value === 0) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw unreadable(`broken /${key}`);
  return value;
}

/** The table a reader of cross-reference streams sees (7.5.8.4), or with `hidden: false` one that knows only tables. */
export function mergeSections(sections: readonly XrefSection[], options: { hidden: boolean }): XrefEntries {
  const [oldest, ...newer] = [...sections].reverse();
  if (newer.length === 0 && oldest!.hidden === null) return oldest!.entries;
  const merged = new XrefEntries();
  for (const section of [oldest!, ...newer]) addSection(merged, section, options);
  return merged;
}

/** Changes `merged` as `section`, newer than all it has seen, does. */
export function addSection(
  merged: XrefEntries,
  section: XrefSection,
  options: { hidden: boolean } = { hidden: true },
): void {
  const hidden = options.hidden ? section.hidden : null;
  for (const [num, entry] of hidden ?? []) merged.set(num, entry);
  for (const [num, entry] of section.entries) {
    // Hidden objects are marked free in the table they are hidden from.
    if (entry.type !== 'free' || !hidden?.has(num)) merged.set(num, entry);
  }
}

/** A hybrid shows old and new readers different objects: the number of one such object, else null. */
export function contradiction(sections: readonly XrefSection[]): number | null {
  if (sections.every(({ hidden }) => hidden === null)) return null;
  const seenByNew = mergeSections(sections, { hidden: true });
  for (const [num, old] of mergeSections(sections, { hidden: false })) {
    if (old.type === 'free') continue;
    const entry = seenByNew.get(num);
    if (entry === undefined || !sameEntry(entry, old)) return num;
  }
  return null;
}

function sameEntry(a: XrefEntry, b: XrefEntry): boolean {
  if (a.type === 'plain') return b.type === 'plain' && a.offset === b.offset && a.gen === b.gen;
  return b.type === 'packed' && a.type === 'packed' && a.container === b.container && a.index === b.index;
}

/** Whether a /Length can be one. */
export function isLength(value: PdfObject): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The catalog's reference in the newest trailer. */
export function rootOf(trailer: PdfDict): PdfRef {
  const root = trailer.get('Root');
  if (!(root instanceof PdfRef)) throw unreadable('no /Root in the trailer');
  return root;
}
