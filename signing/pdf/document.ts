/** A lazy view of one PDF: objects are found through the cross-references and read when asked for (ISO 32000-2 7.5). */
import type { Hash } from 'node:crypto';
import type { ByteSource } from '../ports.ts';
import { decodeStream } from './filters.ts';
import { ObjectStream } from './object-stream.ts';
import { isArray, isName, PdfDict, type PdfObject, PdfRef, PdfStream } from './objects.ts';
import type { ObjectParser } from './parse.ts';
import { PdfProblem, unreadable } from './problem.ts';
import { Recent } from './recent.ts';
import {
  bytesSource,
  cachedSource,
  concatSources,
  prefixSource,
  readInto,
  readWhole,
  runningSha256,
} from './source.ts';
import { parseAt } from './window.ts';
import { Work } from './work.ts';
import {
  addSection,
  contradiction,
  findStartxref,
  isLength,
  mergeSections,
  readSection,
  readSections,
  rootOf,
  type XrefSection,
} from './xref.ts';
import type { XrefEntries } from './xref-entries.ts';

const OBJECTS_KEPT = 2048;
const CONTAINERS_KEPT = 16;

export class PdfDocument implements ByteSource {
  readonly source: ByteSource;
  /** Newest first. */
  readonly sections: readonly XrefSection[];
  readonly entries: XrefEntries;
  readonly headerVersion: string;
  private readonly loaded = new Recent<PdfObject>(OBJECTS_KEPT);
  private readonly containers = new Recent<ObjectStream>(CONTAINERS_KEPT);
  private hashed: Promise<Hash> | null = null;
  private readonly work = new Work();

  private constructor(parts: Pick<PdfDocument, 'source' | 'sections' | 'entries' | 'headerVersion'>) {
    this.source = parts.source;
    this.sections = parts.sections;
    this.entries = parts.entries;
    this.headerVersion = parts.headerVersion;
  }

  /**
   * A document that is open already stays the same one, with all it knows.
   * Rejects with PdfProblem where the file's structure cannot be relied on, with the source's own error on an outage.
   */
  static async open(origin: ByteSource): Promise<PdfDocument> {
    if (origin instanceof PdfDocument) return origin;
    const source = cachedSource(origin);
    const headerVersion = await readHeader(source);
    const sections = await readSections(source, await findStartxref(source));
    return PdfDocument.of(source, sections, headerVersion);
  }

  private static of(
    source: ByteSource,
    sections: readonly XrefSection[],
    headerVersion: string,
  ): PdfDocument {
    if (sections.some((section) => section.trailer.get('Encrypt') !== null)) {
      throw new PdfProblem('encrypted', 'the trailer has /Encrypt');
    }
    const contradicted = contradiction(sections);
    if (contradicted !== null) {
      throw new PdfProblem('contradictory-xref', `table and stream disagree about object ${contradicted}`);
    }
    const entries = mergeSections(sections, { hidden: true });
    return new PdfDocument({ source, sections, entries, headerVersion });
  }

  /**
   * The document as it stood when it was `size` octets long, without reading again what is known of it. Rejects as `open`
   * does.
   */
  async before(size: number): Promise<PdfDocument> {
    const source = prefixSource(this.source, size);
    const start = await findStartxref(source);
    const newest = this.sections.findIndex(({ offset }) => offset === start);
    const sections = this.sections.slice(newest);
    // A section that runs on behind `size` would read differently there.
    if (newest < 0 || sections.some(({ end }) => end > size)) return PdfDocument.open(source);
    return PdfDocument.of(source, sections, this.headerVersion);
  }

  get size(): number {
    return this.source.size;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.source.read(offset, length);
  }

  readInto(offset: number, target: Uint8Array): Promise<void> {
    return readInto(this.source, offset, target);
  }

  /** A SHA-256 that has seen the whole file and is the caller's own; the file is read for the first one only. */
  async runningSha256(): Promise<Hash> {
    const hashing = this.hashed ?? runningSha256(this.source);
    this.hashed = hashing;
    try {
      return (await hashing).copy();
    } catch (error) {
      this.hashed = null;
      throw error;
    }
  }

  /** The document with `revision`, octets of a RevisionWriter over this one: only these are read and hashed. */
  async grown(revision: Uint8Array): Promise<PdfDocument> {
    const source = concatSources([this.source, bytesSource(revision)]);
    const added: XrefSection[] = [];
    const known = this.sections[0]!.offset;
    for (let offset = await findStartxref(source); offset !== known; ) {
      const section = await readSection(source, offset);
      added.push(section);
      const previous = section.trailer.get('Prev');
      if (typeof previous !== 'number' || previous >= offset)
        throw unreadable('a revision of another document');
      offset = previous;
    }
    const entries = this.entries.copy();
    for (const section of [...added].reverse()) addSection(entries, section);
    const grown = new PdfDocument({
      source,
      sections: [...added, ...this.sections],
      entries,
      headerVersion: this.headerVersion,
    });
    if (this.hashed !== null) grown.hashed = this.runningSha256().then((hash) => hash.update(revision));
    return grown;
  }

  get trailer(): PdfDict {
    return this.sections[0]!.trailer;
  }

  get rootRef(): PdfRef {
    return rootOf(this.trailer);
  }

  /** Highest object number in use plus one, whatever /Size says. */
  get nextNumber(): number {
    const size = this.trailer.get('Size');
    return Math.max(typeof size === 'number' ? size : 0, this.entries.nextNumber);
  }

  async catalog(): Promise<PdfDict> {
    const catalog = await this.get(this.rootRef);
    if (!(catalog instanceof PdfDict)) throw unreadable('no catalog');
    return catalog;
  }

  /** The object behind `ref`; null for one that does not exist (7.3.10). */
  async get(ref: PdfRef): Promise<PdfObject> {
    await this.work.asked(1);
    const entry = this.entries.get(ref.num);
    if (entry === undefined || entry.type === 'free') return null;
    if (ref.gen !== (entry.type === 'plain' ? entry.gen : 0)) return null;
    return this.loaded.get(ref.num, () =>
      entry.type === 'plain' ? this.readPlain(ref, entry.offset) : this.packed(entry.container, ref.num),
    );
  }

  /** `value` itself, or what it refers to. */
  async resolve(value: PdfObject): Promise<PdfObject> {
    return value instanceof PdfRef ? this.get(value) : value;
  }

  /** The dictionary (a stream's too) that `value` is or refers to; an empty one for anything else. */
  async dict(value: PdfObject): Promise<PdfDict> {
    const resolved = await this.resolve(value);
    if (resolved instanceof PdfStream) return resolved.dict;
    return resolved instanceof PdfDict ? resolved : new PdfDict();
  }

  async array(value: PdfObject): Promise<readonly PdfObject[]> {
    const resolved = await this.resolve(value);
    const items = isArray(resolved) ? resolved : [];
    await this.work.asked(items.length);
    return items;
  }

  /** A stream's octets as stored. */
  async rawData(stream: PdfStream): Promise<Uint8Array> {
    return readWhole(this.source, stream.start, stream.length);
  }

  /** A stream's octets with its filters undone; rejects with PdfProblem for those of pictures, and beyond `limit` octets. */
  async data(stream: PdfStream, limit?: number): Promise<Uint8Array> {
    const direct = new PdfDict([
      ['Filter', await this.resolve(stream.dict.get('Filter'))],
      ['DecodeParms', await this.resolve(stream.dict.get('DecodeParms'))],
    ]);
    const decoded = decodeStream(direct, await this.rawData(stream), limit);
    await this.work.unfolded(decoded.length);
    return decoded;
  }

  /** Rejects unless every entry in use points at the object it names, whole: readers that repair would see another file. */
  async checkEntries(): Promise<void> {
    const before = this.work.octetsParsed;
    for (const [num, entry] of this.entries) {
      if (entry.type === 'plain') await this.readPlain(new PdfRef(num, entry.gen), entry.offset);
      // Each length may stand in an object of its own, which is then read twice.
      if (this.work.octetsParsed - before > 3 * this.source.size) throw unreadable('objects within objects');
    }
  }

  private async readPlain(ref: PdfRef, offset: number): Promise<PdfObject> {
    const { object, start } = await this.objectAt(ref, offset);
    if (start === null || !(object instanceof PdfDict)) return object;
    return this.stream(ref, object, start);
  }

  /** The object at `offset`, of a stream its dictionary and where its data start; rejects where it is another. */
  objectAt(ref: PdfRef, offset: number): Promise<{ object: PdfObject; start: number | null }> {
    return this.parsed(offset, (parser) => parser.indirect(ref));
  }

  /** As parseAt; what is looked at counts. */
  private async parsed<T>(offset: number, parse: (parser: ObjectParser) => T): Promise<T> {
    let octets = 0;
    const found = await parseAt(this.source, offset, (parser) => {
      const object = parse(parser);
      octets = parser.position;
      return object;
    });
    await this.work.parsed(octets);
    return found;
  }

  private async stream(ref: PdfRef, dict: PdfDict, start: number): Promise<PdfStream> {
    const length = await this.lengthOf(dict);
    if (!isLength(length) || start + length > this.source.size) {
      throw unreadable(`stream ${ref.num} has no length`);
    }
    const ends = await this.parsed(start + length, (parser) => {
      parser.skipWhite();
      return parser.keyword('endstream');
    });
    if (!ends) throw unreadable(`stream ${ref.num} does not end after its length`);
    return new PdfStream(dict, start, length);
  }

  /** /Length of a stream; never by way of another stream whose own length might lead back here. */
  private async lengthOf(dict: PdfDict): Promise<PdfObject> {
    const length = dict.get('Length');
    if (!(length instanceof PdfRef)) return length;
    const entry = this.entries.get(length.num);
    if (entry?.type !== 'plain') return isName(dict.get('Type'), 'ObjStm') ? null : this.get(length);
    return this.parsed(entry.offset, (parser) => {
      const header = parser.header();
      return header?.num === length.num && header.gen === length.gen ? parser.object() : null;
    });
  }

  /** Object `num` out of the object stream `container`. */
  async packed(container: number, num: number): Promise<PdfObject> {
    const { object, octets } = (await this.container(container)).object(num);
    await this.work.parsed(octets);
    return object;
  }

  /** Rejects with PdfProblem where `num` is none. */
  container(num: number): Promise<ObjectStream> {
    return this.containers.get(num, async () => {
      const holder = this.entries.get(num);
      const stream = holder?.type === 'plain' ? await this.get(new PdfRef(num, holder.gen)) : null;
      if (!(stream instanceof PdfStream)) throw unreadable(`object ${num} is no object stream`);
      const container = new ObjectStream(stream.dict, await this.rawData(stream));
      await this.work.unfolded(container.size);
      return container;
    });
  }
}

async function readHeader(source: ByteSource): Promise<string> {
  const head = Buffer.from(await source.read(0, Math.min(1024, source.size))).toString('latin1');
  const version = /^%PDF-(\d\.\d)/.exec(head)?.[1];
  if (version !== undefined) return version;
  if (head.includes('%PDF-')) throw new PdfProblem('junk-around', 'octets precede %PDF');
  throw new PdfProblem('not-a-pdf', 'no %PDF header');
}
