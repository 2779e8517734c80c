// Feeds nobody meant to write: mutated files never throw and never bend the order of items; what is quoted comes back as written.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  DELIMITERS,
  type Delimiter,
  FEED_LIMITS,
  type FeedItem,
  type FeedSource,
  presetForm,
  readFeed,
} from '../../gateway/registration/index.ts';
import { fixtures, inPieces } from '../fixtures/feed/fixtures.ts';
import { SAMPLE } from '../fixtures/feed/text.ts';

/** Small enough for mutations to reach them. */
const LIMITS = { ...FEED_LIMITS, maxRows: 5, maxRowCharacters: 2000 };
const FILES = fixtures();
const STANDARD = presetForm('標準');
const E_TUMO = presetForm('e-tumo');

async function itemsOf(source: FeedSource, form = STANDARD, limits = LIMITS): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  for await (const item of readFeed(source, form, limits)) items.push(item);
  return items;
}

function expectSound(items: readonly FeedItem[]): void {
  let line = 0;
  for (const [index, item] of items.entries()) {
    expect(item.line).to.be.at.least(Math.max(1, line));
    line = item.line;
    expect('header' in item).to.equal(index === 0 && !('refusals' in item));
    if ('refusals' in item) {
      expect(item.refusals).to.not.have.length(0);
      if (item.ends) expect(index).to.equal(items.length - 1);
    }
    if ('cells' in item)
      for (const value of Object.values(item.cells)) expect(value).to.not.match(/[\uFFFD\0]/);
  }
}

interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly put: Uint8Array;
}

/** Where, how many octets go, and what stands there afterwards. */
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(4096),
  cut: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(300)),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc
      .constantFrom('"', ',', '\r', '\n', '""', '\t', ';', '\0', '\ufeff', '：', '【')
      .map((text) => Buffer.from(text)),
  ),
});

function mutated(octets: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.reduce<Uint8Array>((here, { at, cut, put }) => {
    const from = here.length === 0 ? 0 : at % here.length;
    return Buffer.concat([here.subarray(0, from), put, here.subarray(from + cut)]);
  }, octets);
}

const edits = fc.array(edit, { minLength: 1, maxLength: 6 });

describe('feeds nobody meant to write', () => {
  it('never throw, keep their order, and read the same in whatever pieces they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FILES),
        edits,
        fc.integer({ min: 1, max: 97 }),
        async (fixture, changes, size) => {
          const octets = mutated(fixture.octets, changes);
          const items = await itemsOf(octets);
          expectSound(items);
          expect(await itemsOf(inPieces(octets, size))).to.deep.equal(items);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never throw as notification mails', async () => {
    const mails = FILES.filter(({ file }) => file.endsWith('.txt'));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...mails), edits, async ({ octets }, changes) => {
        expectSound(
          await itemsOf({ notification: Buffer.from(mutated(octets, changes)).toString('utf8') }, E_TUMO),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('do not hold up the reading with long runs of one character', async () => {
    // What looks back over and over would not end within the test's time.
    for (const mark of [' ', '\t', '　', '-', '：', '【', '■ ', '"', ',']) {
      const long = mark.repeat(90_000 / mark.length);
      expectSound(await itemsOf({ notification: `備考：x\n${long}x\n${long}\n【${long}】` }, E_TUMO));
      const cells = { ...SAMPLE, 所在地: `x${long}\ny`, 備考: `x${long}y` };
      const text = [Object.keys(SAMPLE), Object.values(cells)]
        .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
        .join('\n');
      const [, item] = await itemsOf(Buffer.from(text), STANDARD, { ...LIMITS, maxRowCharacters: 400_000 });
      expect(item).to.have.nested.property('cells.remarks', `x${long}y`);
    }
  });

  it('give every quoted value back as written, outer blanks apart', async () => {
    const readable = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !/[\uFFFD\uE000-\uF8FF]|(?!\s)\p{Cc}/u.test(text));
    const marks = fc.constantFrom('"', ',', ';', '\t', '\n', '\r\n', '備', '=');
    const value = fc.array(fc.oneof(readable, marks), { maxLength: 6 }).map((parts) => parts.join(''));
    const delimiters = fc.constantFrom(...(Object.keys(DELIMITERS) as Delimiter[]));
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 4 }),
        delimiters,
        async (values, delimiter) => {
          const rows = values.map((remarks) => Object.values({ ...SAMPLE, 備考: remarks }));
          const text = [Object.keys(SAMPLE), ...rows]
            .map((cells) =>
              cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(DELIMITERS[delimiter]),
            )
            .join('\r\n');
          const [header, ...read] = await itemsOf(Buffer.from(text));
          expect(header).to.include({ delimiter });
          expect(read.map((item) => ('cells' in item ? item.cells.remarks : item))).to.deep.equal(
            values.map((written) => written.replace(/\r\n?/g, '\n').trim()),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
