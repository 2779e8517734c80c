/** A lazy view of one PDF: objects are found through the cross-references and read when asked for (ISO 32000-2 7.5). */
import type { ByteSource } from '../ports.ts';
import { decodeStream } from './filters.ts';
import {
  isArray,
  isName,
  PdfDict,
  type PdfObject,
  PdfRef,
  PdfStream,
  referencesIn,
  sameRef,
} from './objects.ts';
import { ObjectParser } from './parse.ts';
import { PdfProblem, unreadable } from './problem.ts';
import { cachedSource } from './source.ts';
import { parseAt } from './window.ts';
import {
  contradiction,
  findStartxref,
  mergeSections,
  readSections,
  rootOf,
  type XrefEntry,
  type XrefSection,
} from './xref.ts';

const MAX_PAGES = 100_000;
const INHERITED = ['Resources', 'MediaBox', 'CropBox', 'Rotate'];

export interface Page {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** The page's attributes with those of its ancestors (ISO 32000-2 7.7.3.4). */
  readonly inherited: PdfDict;
}

export class PdfDocument {
  readonly source: ByteSource;
  /** Newest first. */
  readonly sections: readonly XrefSection[];
  readonly entries: ReadonlyMap<number, XrefEntry>;
  readonly headerVersion: string;
  private readonly loaded = new Map<number, Promise<PdfObject>>();
  private readonly containers = new Map<number, Promise<ReadonlyMap<number, PdfObject>>>();

  private constructor(source: ByteSource, headerVersion: string, sections: XrefSection[]) {
    this.source = source;
    this.headerVersion = headerVersion;
    this.sections = sections;
    this.entries = mergeSections(sections, { hidden: true });
  }

  /** Rejects with PdfProblem where the file's structure cannot be relied on, with the source's own error on an outage. */
  static async open(origin: ByteSource): Promise<PdfDocument> {
    const source = cachedSource(origin);
    const headerVersion = await readHeader(source);
    const sections = await readSections(source, await findStartxref(source));
    if (sections.some((section) => section.trailer.get('Encrypt') !== null)) {
      throw new PdfProblem('encrypted', 'the trailer has /Encrypt');
    }
    const contradicted = contradiction(sections);
    if (contradicted !== null) {
      throw new PdfProblem('contradictory-xref', `table and stream disagree about object ${contradicted}`);
    }
    return new PdfDocument(source, headerVersion, sections);
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
    let next = typeof size === 'number' ? size : 0;
    for (const num of this.entries.keys()) next = Math.max(next, num + 1);
    return next;
  }

  async catalog(): Promise<PdfDict> {
    const catalog = await this.get(this.rootRef);
    if (!(catalog instanceof PdfDict)) throw unreadable('no catalog');
    return catalog;
  }

  /** The object behind `ref`; null for one that does not exist (7.3.10). */
  async get(ref: PdfRef): Promise<PdfObject> {
    const entry = this.entries.get(ref.num);
    if (entry === undefined || entry.type === 'free') return null;
    if (ref.gen !== (entry.type === 'plain' ? entry.gen : 0)) return null;
    let object = this.loaded.get(ref.num);
    if (object === undefined) {
      object = entry.type === 'plain' ? this.readPlain(ref, entry.offset) : this.readPacked(ref, entry);
      this.loaded.set(ref.num, object);
    }
    return object;
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
    return isArray(resolved) ? resolved : [];
  }

  /** A stream's octets as stored. */
  async rawData(stream: PdfStream): Promise<Uint8Array> {
    return this.source.read(stream.start, stream.length);
  }

  /** A stream's octets with its filters undone; Flate only. */
  async data(stream: PdfStream): Promise<Uint8Array> {
    const direct = new PdfDict([
      ['Filter', await this.resolve(stream.dict.get('Filter'))],
      ['DecodeParms', await this.resolve(stream.dict.get('DecodeParms'))],
    ]);
    return decodeStream(direct, await this.rawData(stream));
  }

  /** Every page in reading order. */
  async *pages(): AsyncGenerator<Page> {
    const root = (await this.catalog()).get('Pages');
    if (!(root instanceof PdfRef)) throw unreadable('no page tree');
    const visited = new Set<number>();
    const stack: { ref: PdfRef; above: PdfDict }[] = [{ ref: root, above: new PdfDict() }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { ref, above } = next;
      const dict = await this.get(ref);
      if (!(dict instanceof PdfDict) || visited.has(ref.num) || visited.size > MAX_PAGES) {
        throw unreadable(`broken page tree at object ${ref.num}`);
      }
      visited.add(ref.num);
      let inherited = above;
      for (const key of INHERITED) if (dict.get(key) !== null) inherited = inherited.with(key, dict.get(key));
      if (!isName(dict.get('Type'), 'Pages') && dict.get('Kids') === null) {
        yield { ref, dict, inherited };
        continue;
      }
      const kids = await this.array(dict.get('Kids'));
      for (const kid of [...kids].reverse()) {
        if (!(kid instanceof PdfRef)) throw unreadable('a page that is no indirect object');
        stack.push({ ref: kid, above: inherited });
      }
    }
  }

  async firstPage(): Promise<Page> {
    for await (const page of this.pages()) return page;
    throw unreadable('no pages');
  }

  /**
   * The number of an object that something refers to though no revision ever had it: a later revision could supply it
   * and so change what is shown. Null when there is none. Reads every object, but no stream data.
   */
  async forwardReference(): Promise<number | null> {
    const { nextNumber } = this;
    for (const [num, entry] of this.entries) {
      if (entry.type === 'free') continue;
      const object =
        entry.type === 'plain'
          ? await this.readPlain(new PdfRef(num, entry.gen), entry.offset)
          : await this.readPacked(new PdfRef(num), entry);
      const forward = referencesIn(object).find((ref) => ref.num >= nextNumber);
      if (forward !== undefined) return forward.num;
    }
    return null;
  }

  /** Rejects unless every entry in use points at the object it names: readers that repair would see another file. */
  async checkEntries(): Promise<void> {
    for (const [num, entry] of this.entries) {
      if (entry.type !== 'plain') continue;
      const found = await parseAt(this.source, entry.offset, (parser) => parser.header());
      if (found?.num !== num || found.gen !== entry.gen) {
        throw unreadable(`object ${num} is not at its offset ${entry.offset}`);
      }
    }
  }

  private async readPlain(ref: PdfRef, offset: number): Promise<PdfObject> {
    const { object, start } = await parseAt(this.source, offset, (parser) => {
      const header = parser.header();
      if (header?.num !== ref.num || header.gen !== ref.gen) {
        throw unreadable(`object ${ref.num} is not at its offset ${offset}`);
      }
      const object = parser.object();
      const start = object instanceof PdfDict ? parser.streamStart() : null;
      if (start === null) {
        parser.skipWhite();
        if (!parser.keyword('endobj')) throw unreadable(`object ${ref.num} has no end`);
      }
      return { object, start };
    });
    if (start === null || !(object instanceof PdfDict)) return object;
    return this.stream(ref, object, start);
  }

  private async stream(ref: PdfRef, dict: PdfDict, start: number): Promise<PdfStream> {
    const length = sameRef(dict.get('Length'), ref) ? null : await this.resolve(dict.get('Length'));
    if (typeof length !== 'number' || start + length > this.source.size) {
      throw unreadable(`stream ${ref.num} has no length`);
    }
    const ends = await parseAt(this.source, start + length, (parser) => {
      parser.skipWhite();
      return parser.keyword('endstream');
    });
    if (!ends) throw unreadable(`stream ${ref.num} does not end after its length`);
    return new PdfStream(dict, start, length);
  }

  private async readPacked(ref: PdfRef, entry: XrefEntry & { type: 'packed' }): Promise<PdfObject> {
    let container = this.containers.get(entry.container);
    if (container === undefined) {
      container = this.readContainer(entry.container);
      this.containers.set(entry.container, container);
    }
    const object = (await container).get(ref.num);
    if (object === undefined) throw unreadable(`object ${ref.num} is not in its object stream`);
    return object;
  }

  /** All objects of an object stream (7.5.7). */
  private async readContainer(num: number): Promise<ReadonlyMap<number, PdfObject>> {
    const holder = this.entries.get(num);
    const stream = holder?.type === 'plain' ? await this.get(new PdfRef(num, holder.gen)) : null;
    if (!(stream instanceof PdfStream) || !isName(stream.dict.get('Type'), 'ObjStm')) {
      throw unreadable(`object ${num} is no object stream`);
    }
    const data = await this.data(stream);
    const first = stream.dict.get('First');
    const count = stream.dict.get('N');
    if (typeof first !== 'number' || typeof count !== 'number') throw unreadable(`object stream ${num}`);
    const index = new ObjectParser(data, 0, true);
    const objects = new Map<number, PdfObject>();
    for (let item = 0; item < count; item++) {
      const member = index.integer();
      const offset = index.integer();
      if (member === null || offset === null || objects.has(member)) throw unreadable(`object stream ${num}`);
      const parser = new ObjectParser(data, 0, true);
      parser.position = first + offset;
      objects.set(member, parser.object());
    }
    return objects;
  }
}

async function readHeader(source: ByteSource): Promise<string> {
  const head = Buffer.from(await source.read(0, Math.min(1024, source.size))).toString('latin1');
  const version = /^%PDF-(\d\.\d)/.exec(head)?.[1];
  if (version !== undefined) return version;
  if (head.includes('%PDF-')) throw new PdfProblem('junk-around', 'octets precede %PDF');
  throw new PdfProblem('not-a-pdf', 'no %PDF header');
}
