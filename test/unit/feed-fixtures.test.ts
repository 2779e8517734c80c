// Every feed of test/fixtures/feed reads as the result beside it says, whatever pieces it arrives in.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  FEED_LIMITS,
  type FeedItem,
  type RegistrationRefusal,
  readFeed,
} from '../../gateway/registration/index.ts';
import { registrationSentence } from '../../templates/registration.ja.ts';
import { expectedBeside, type Fixture, fixtures, formOf, sourceOf } from '../fixtures/feed/fixtures.ts';

const FOLDER = new URL('../fixtures/feed/', import.meta.url);

/** What a feed's items say, as it stands in the files: empty values left out. */
interface Expected {
  readonly form: Fixture['form'];
  readonly limits?: Fixture['limits'];
  readonly header?: { line: number; encoding: string | null; delimiter: string | null; columns: number };
  readonly rows: readonly { line: number; cells: Record<string, unknown> }[];
  readonly refused: readonly { line: number; ends: boolean; reasons: readonly RegistrationRefusal[] }[];
}

async function read(fixture: Fixture, pieces?: number): Promise<FeedItem[]> {
  const limits = { ...FEED_LIMITS, ...fixture.limits };
  const items: FeedItem[] = [];
  for await (const item of readFeed(sourceOf(fixture, pieces), formOf(fixture), limits)) items.push(item);
  return items;
}

function expectedOf({ form, limits }: Fixture, items: readonly FeedItem[]): Expected {
  const header = items.find((item) => 'header' in item);
  return {
    form,
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(header && {
      header: {
        line: header.line,
        encoding: header.encoding,
        delimiter: header.delimiter,
        columns: header.header.length,
      },
    }),
    rows: items.flatMap((item) =>
      'cells' in item ? [{ line: item.line, cells: withoutEmpty(item.cells) }] : [],
    ),
    refused: items.flatMap((item) =>
      'refusals' in item ? [{ line: item.line, ends: item.ends, reasons: item.refusals }] : [],
    ),
  };
}

function withoutEmpty(cells: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(cells).filter(([, value]) =>
      typeof value === 'string' ? value !== '' : Object.keys(value).length > 0,
    ),
  );
}

describe('feeds of test/fixtures/feed', () => {
  const all = fixtures();

  it('are made by the code beside them, and named in its README', () => {
    expect(all.length).to.be.at.least(40);
    const readme = readFileSync(new URL('README.md', FOLDER), 'utf8');
    for (const { file, about, octets } of all) {
      expect(readFileSync(new URL(file, FOLDER)).equals(octets), file).to.equal(true);
      expect(readme).to.include(`| [${file}](${file}) | ${about} |`);
    }
  });

  for (const fixture of all) {
    it(`${fixture.file}: ${fixture.about}`, async () => {
      const items = await read(fixture);
      const actual = expectedOf(fixture, items);
      const { fates: _, ...expected } = expectedBeside(fixture, actual);
      expect(actual).to.deep.equal(expected);
      expect(await read(fixture, 1), 'octet by octet').to.deep.equal(items);
      expect(await read(fixture, 7), 'in pieces of seven').to.deep.equal(items);
      for (const item of items) {
        if (!('refusals' in item)) continue;
        for (const { code, args } of item.refusals) {
          const sentence = registrationSentence(code, args);
          expect(sentence)
            .to.match(/。$/)
            .and.not.match(/undefined|NaN/);
        }
      }
    });
  }
});
