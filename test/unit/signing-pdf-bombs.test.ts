// Small files that would keep a reader busy for hours or fill its memory: each is refused, and others go on meanwhile.

import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import { inspect } from '../../signing/inspect.ts';
import { bytesSource } from '../../signing/pdf/source.ts';
import { verify } from '../../signing/verify.ts';
import { buildPdf, onePage, streamText } from '../support/pdf-build.ts';

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');
const deflated = (text: string | Buffer): string => deflateSync(text).toString('latin1');
const look = (file: Uint8Array) => inspect(bytesSource(file));

async function refused(file: Uint8Array, detail: RegExp): Promise<void> {
  const { ok, ...refusal } = await look(file);
  expect(ok).to.equal(false);
  expect(refusal).to.deep.include({ code: 'unreadable' });
  expect((refusal as { detail: string }).detail).to.match(detail);
}

/** A file of cross-reference streams alone: `count` sections of one text, each before the one it names with /Prev. */
function sections(count: number, entries: string, data: string): Buffer {
  let body = '%PDF-1.7\n';
  let at = 0;
  for (let num = 1, before = ''; num <= count; num++, before = `/Prev ${at}`) {
    at = body.length;
    body += `${num} 0 obj\n${streamText(`/Type /XRef /Root 1 0 R ${entries} ${before}`, data)}\nendobj\n`;
  }
  return octets(`${body}startxref\n${at}\n%%EOF\n`);
}

/** A page, and object stream 6 with the objects from 7 on. */
function packed(count: number, stream: string): Buffer {
  const { bytes, offsets } = buildPdf({ ...onePage(), 6: stream });
  const body = bytes.subarray(0, bytes.lastIndexOf('xref\n0 '));
  const last = 7 + count;
  const rows = Buffer.alloc(9 * (last + 1));
  for (let num = 1; num <= last; num++) {
    const [type, place, index] =
      num <= 6 ? [1, offsets.get(num)!, 0] : num < last ? [2, 6, num - 7] : [1, body.length, 0];
    rows[9 * num] = type;
    rows.writeUInt32BE(place, 9 * num + 1);
    rows.writeUInt32BE(index, 9 * num + 5);
  }
  const dict = `/Type /XRef /Size ${last + 1} /W [1 4 4] /Root 1 0 R`;
  const xref = `${last} 0 obj\n${streamText(dict, rows.toString('latin1'))}\nendobj\n`;
  return Buffer.concat([body, octets(`${xref}startxref\n${body.length}\n%%EOF\n`)]);
}

/** An object stream of `count` objects from 7 on, all at `offsetOf` their place. */
function holding(count: number, text: string, offsetOf: (item: number) => number): string {
  const index = Array.from({ length: count }, (_, item) => `${item + 7} ${offsetOf(item)} `).join('');
  const dict = `/Type /ObjStm /N ${count} /First ${index.length} /Filter /FlateDecode`;
  return streamText(dict, deflated(index + text));
}

describe('signing: a PDF made to keep its reader busy', () => {
  it('refuses objects within objects, each of which holds all that follow', async () => {
    const count = 2000;
    const { bytes } = buildPdf({ ...onePage(), 6: `${'0 0 0000 obj('.repeat(count)}`.slice(0, -4) });
    const text = bytes.toString('latin1');
    const first = text.indexOf('6 0 obj');
    let at = first;
    const offsets: number[] = [];
    let nested = '';
    for (let num = 6; num < 6 + count; num++) {
      offsets.push(at);
      const begun = `${num} 0 obj(`;
      nested += begun;
      at += begun.length;
    }
    const body = `${text.slice(0, first)}${nested}${')endobj '.repeat(count)}\n`;
    const table = text.slice(text.lastIndexOf('xref\n0 '), text.lastIndexOf('trailer'));
    const rows = table.split('\n').slice(2, 8);
    const all = [...rows, ...offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n `)].join(
      '\n',
    );
    const size = 6 + count;
    const trailer = `trailer\n<</Size ${size} /Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`;
    await refused(octets(`${body}xref\n0 ${size}\n${all}\n${trailer}`), /objects within objects/);
  });

  it('refuses lists that many objects share, once they add up', async () => {
    const nodes = Array.from({ length: 25 }, (_, index) => index + 8);
    const file = buildPdf({
      ...onePage(),
      1: '<</Type /Catalog /Pages 2 0 R /Names <</EmbeddedFiles 6 0 R>>>>',
      6: `<</Kids [${nodes.map((num) => `${num} 0 R`).join(' ')}]>>`,
      7: `[${'0 '.repeat(1_000_000)}]`,
      ...Object.fromEntries(nodes.map((num) => [num, '<</Names 7 0 R>>'])),
    }).bytes;
    await refused(file, /more to look at than any contract has/);
  });

  for (const [what, file, detail] of [
    [
      'entries of no octets',
      sections(1, `/Size 1 /W [0 0 0] /Index [${'0 8388607 '.repeat(99)}]`, ''),
      /broken/,
    ],
    [
      'one entry named again and again',
      sections(1, `/Size 1 /W [1 0 0] /Index [${'0 999999 '.repeat(99)}]`, ''),
      /98999901 entries/,
    ],
    ['an entry number that is none', sections(1, '/Size -1 /W [1 1 1]', ''), /-1 entries/],
    [
      'data that unfold beyond their entries',
      sections(1, '/Size 1 /W [1 1 1] /Filter /FlateDecode', deflated(Buffer.alloc(1 << 20))),
      /compressed data cannot be read/,
    ],
    [
      'a million entries in each of many sections',
      sections(9, '/Size 400000 /W [1 1 1] /Filter /FlateDecode', deflated(Buffer.alloc(1_200_000))),
      /cross-references without end/,
    ],
    [
      'rows longer than memory',
      sections(
        1,
        '/Size 1 /W [1 1 1] /Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns 1000000000000000>>',
        deflated(''),
      ),
      /rows of 1000000000000000 octets/,
    ],
    [
      'rows of less than nothing',
      sections(
        1,
        '/Size 1 /W [1 1 1] /Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns -1>>',
        deflated('1234'),
      ),
      /rows of -1 octets/,
    ],
    [
      'filters upon filters',
      sections(1, `/Size 1 /W [1 1 1] /Filter [${'/ASCIIHexDecode '.repeat(9)}]`, ''),
      /9 filters/,
    ],
  ] as const) {
    it(`refuses cross-references with ${what}, uploaded or to be verified`, async () => {
      await refused(file, detail);
      const { problems } = await verify(bytesSource(file), { trust: [], profile: 'B-LTA', at: new Date() });
      expect(problems.join()).to.match(detail);
    });
  }

  it('refuses an object stream of too many objects, or too many octets', async () => {
    await refused(packed(1, streamText('/Type /ObjStm /N 200001 /First 4', '7 0 true')), /of 200001 objects/);
    await refused(
      packed(
        1,
        holding(1, `true${' '.repeat(33 << 20)}`, () => 0),
      ),
      /compressed data cannot be read/,
    );
  });

  it('reads a list of any length, and one that two objects share', async () => {
    const list = `[${'0 '.repeat(200_000)}]`;
    expect(
      await look(
        packed(
          2,
          holding(2, list, () => 0),
        ),
      ),
    ).to.include({ ok: true });
  });

  it('lets others have their turn while it reads', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [index + 6, 'null']));
    const { bytes } = buildPdf({ ...onePage(), ...many });
    let turns = 0;
    let over = false;
    const others = (): void => {
      turns++;
      if (!over) setImmediate(others);
    };
    setImmediate(others);
    expect(await look(bytes)).to.include({ ok: true });
    over = true;
    expect(turns).to.be.greaterThan(10);
  });
});
