/** Every PDF of the corpus: refused for the reason its row names, or stamped, sealed, closed and renewed so that everybody's tools accept it. */
import { expect } from 'chai';
import { httpRevocationProvider } from '../../signing/cms/index.ts';
import { bytesSource, inspect, openGrowing, type PdfRefusalCode, verify } from '../../signing/index.ts';
import { REFUSAL_CODES, refusalSentence } from '../../templates/index.ts';
import { corpus, corpusFolder } from '../support/pdf-corpus/corpus.ts';
import { objections } from '../support/pdf-corpus/judges.ts';
import { REFUSED } from '../support/pdf-corpus/refused.ts';
import { SHAPES } from '../support/pdf-corpus/shapes.ts';
import { FIELDS, openSigningWorld, REASON, type SigningWorld, STAMP } from '../support/pdf-signing.ts';
import { pdfFixture, stampFont } from '../support/pdf-tools.ts';

/** The type's members as a value: neither one more nor one less compiles. */
const CODES = Object.keys({
  'not-a-pdf': true,
  unreadable: true,
  truncated: true,
  encrypted: true,
  'junk-around': true,
  certified: true,
  'usage-rights': true,
  xfa: true,
  'already-signed': true,
  attachments: true,
  portfolio: true,
  'active-content': true,
  'contradictory-xref': true,
} satisfies Record<PdfRefusalCode, true>);
const FILES = corpus();
const TAKEN = FILES.filter(({ takenByAppending }) => takenByAppending);
/** Files on their way at once: our process keeps one core busy, the tools the other. */
const AT_ONCE = 3;

describe('the corpus of PDFs', () => {
  it('is what its README lists, with at least fifty shapes that are taken', () => {
    expect(FILES.map(({ name }) => name).sort()).to.deep.equal(corpusFolder().sort());
    expect(FILES.filter(({ refusal }) => refusal === null)).to.have.length.greaterThanOrEqual(50);
  });

  it('holds what its builders make', () => {
    for (const [name, make] of Object.entries({ ...SHAPES, ...REFUSED })) {
      expect(make().equals(pdfFixture(name)), name).to.equal(true);
    }
  });

  it('has a file for every refusal, and every refusal a sentence that says what to do', () => {
    const shown = new Set(FILES.flatMap(({ refusal }) => refusal ?? []));
    expect([...shown].sort()).to.deep.equal([...CODES].sort());
    const worded = REFUSAL_CODES.filter((code) => code.startsWith('pdf-refused:'));
    expect(worded.map((code) => code.slice('pdf-refused:'.length)).sort()).to.deep.equal([...CODES].sort());
    for (const code of worded) {
      const sentence = refusalSentence(code, { file: '契約書.pdf' });
      expect(sentence, code)
        .to.include('「契約書.pdf」')
        .and.to.match(/(ください|お使いください)。$/);
    }
  });

  for (const { name, refusal, takenByAppending } of FILES) {
    it(`${refusal === null ? 'takes' : `refuses (${refusal})`} ${name}.pdf`, async () => {
      const source = bytesSource(pdfFixture(name));
      const outcome = await inspect(source);
      expect(outcome.ok ? null : outcome.code).to.equal(refusal);
      const appending = await inspect(source, { signedUploads: 'append' });
      expect(appending.ok).to.equal(takenByAppending);
      if (appending.ok) expect(appending.signed).to.equal(refusal !== null);
    });
  }
});

describe('every PDF that is taken, from stamp to renewal', () => {
  let world: SigningWorld;
  let results: Map<string, Promise<string[]>>;

  before(async () => {
    world = await openSigningWorld();
    const waiting = [...TAKEN];
    const next = (): Promise<unknown> | undefined => {
      const file = waiting.shift();
      if (file === undefined) return undefined;
      const result = problemsOf(world, file.name);
      settle.get(file.name)!(result);
      return result.catch(() => undefined).then(next);
    };
    const settle = new Map<string, (result: Promise<string[]>) => void>();
    results = new Map(
      TAKEN.map(({ name }) => [
        name,
        new Promise<string[]>((resolve) => {
          settle.set(name, resolve);
        }),
      ]),
    );
    for (const result of results.values()) result.catch(() => undefined);
    for (let lane = 0; lane < AT_ONCE; lane++) void next();
  });
  after(() => world.close());

  for (const { name } of TAKEN) {
    it(`${name}.pdf is valid for us, pdfsig, qpdf and openssl, its upload an untouched prefix`, async () => {
      expect(await results.get(name)).to.deep.equal([]);
    });
  }
});

/** Stamps, seals twice, closes and renews the file; whatever anybody holds against the result. */
async function problemsOf({ authority, timestampAuthority }: SigningWorld, name: string): Promise<string[]> {
  const upload = pdfFixture(name);
  const trust = [authority.root];
  const closing = { timestampAuthority, revocation: httpRevocationProvider({ trust }), trust };
  const document = await openGrowing(bytesSource(upload));
  const parts: Uint8Array[] = [upload];
  parts.push((await document.prepare({ stamp: STAMP, fields: FIELDS, fonts: [stampFont()] })).bytes);
  for (const field of FIELDS) {
    const words = { reason: REASON, location: '日本', signingTime: new Date() };
    const options = { field, credential: authority.credential, timestampAuthority, ...words };
    parts.push((await document.seal(options)).bytes);
  }
  parts.push((await document.conclude(closing)).bytes);
  parts.push((await document.renew({ ...closing, at: new Date() })).bytes);
  const file = new Uint8Array(Buffer.concat(parts));
  const report = await verify(bytesSource(file), { trust, profile: 'B-LTA', at: new Date() });
  const own = report.signatures.filter(({ verdict }) => verdict !== 'not-ours');
  const ours = [
    ...report.problems,
    ...own.flatMap(({ field, problems }) => problems.map((p) => `${field}: ${p}`)),
  ];
  if (!report.valid || report.verdict !== 'extended') ours.push(`the verdict is ${report.verdict}`);
  if (Buffer.compare(file.subarray(0, upload.length), upload) !== 0) ours.push('the upload was changed');
  const sealed = { upload, file, root: authority.rootPem, consents: FIELDS.length };
  return [...ours, ...(await objections(sealed))];
}
