/** From an uploaded PDF to B-LTA, judged by ourselves and by qpdf, poppler and openssl (ETSI EN 319 142-1 6.3). */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import { bytesSource, inspect, SigningError, seal, sha256Of, verify } from '../../signing/index.ts';
import { PdfDocument } from '../../signing/pdf/document.ts';
import { readDss } from '../../signing/pdf/dss.ts';
import { FIELDS, openSigningWorld, REASON, type SigningWorld } from '../support/pdf-signing.ts';
import { coveredBytes, judge, pdfFixture, rawSignatures, withFiles } from '../support/pdf-tools.ts';

const GOOD = [
  'libreoffice',
  'pdfa-2-tagged',
  'object-streams',
  'linearized',
  'hybrid',
  'rotated',
  'cropped-user-unit',
];

describe('signing: from upload to B-LTA', () => {
  let world: SigningWorld;
  before(async () => {
    world = await openSigningWorld();
  });
  after(() => world.close());

  for (const name of GOOD) {
    it(`carries ${name}.pdf through prepare, two seals and conclude`, async () => {
      const upload = pdfFixture(name);
      const file = await world.executed(upload);

      expect(Buffer.compare(file.subarray(0, upload.length), upload)).to.equal(0);
      expect(judge('qpdf', ['--check'], file)).to.include('No syntax or stream encoding errors found');
      const poppler = judge('pdfsig', ['-no-ocsp'], file);
      expect(poppler.match(/Signature is Valid/g)).to.have.length(FIELDS.length);
      const report = await world.verified(file, 'B-LTA');
      expect(report.problems).to.deep.equal([]);
      expect(report.signatures.flatMap((signature) => signature.problems)).to.deep.equal([]);
      expect(report).to.include({ valid: true, level: 'B-LTA' });
      expect(report.signatures.map((signature) => signature.field)).to.deep.equal([
        ...FIELDS,
        'DocumentTimestamp1',
      ]);
    });
  }

  it('takes nothing again that it has prepared, sealed or closed itself, whatever the installation takes', async () => {
    const prepared = await world.prepared(pdfFixture('libreoffice'));
    const sealed = await world.sealed(prepared, FIELDS[0]!);
    const executed = await world.executed(pdfFixture('libreoffice'));
    for (const file of [prepared, sealed, executed]) {
      for (const signedUploads of ['refuse', 'append'] as const) {
        expect(await inspect(bytesSource(file), { signedUploads })).to.include({
          ok: false,
          code: 'already-signed',
        });
      }
    }
  });

  it('appends in the cross-reference style of the upload', async () => {
    for (const [name, xref] of [
      ['libreoffice', 'table'],
      ['object-streams', 'stream'],
      ['hybrid', 'table'],
    ] as const) {
      const file = await world.prepared(pdfFixture(name));
      const [newest] = (await PdfDocument.open(bytesSource(file))).sections;
      expect(newest).to.include({ kind: xref });
      const added = Buffer.from(file.subarray(pdfFixture(name).length)).toString('latin1');
      expect(added).not.to.include('/XRefStm');
    }
  });

  it('signs what openssl accepts as CAdES and as timestamps', async () => {
    const file = await world.executed(pdfFixture('libreoffice'));
    const signatures = rawSignatures(file);
    expect(signatures).to.have.length(3);
    for (const [index, { range, contents }] of signatures.entries()) {
      const files = {
        data: coveredBytes(file, range),
        der: contents,
        'root.pem': world.authority.rootPem,
      };
      const said = withFiles(files, (folder) => {
        const path = (name: string): string => join(folder, name);
        const cms = ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-purpose', 'any'];
        const ts = ['ts', '-verify', '-token_in', '-in', path('der'), '-data', path('data')];
        const args =
          index < FIELDS.length
            ? [...cms, '-in', path('der'), '-content', path('data'), '-out', path('out')]
            : ts;
        return spawnSync('openssl', [...args, '-CAfile', path('root.pem')], { encoding: 'utf8' });
      });
      expect(said.status, said.stderr).to.equal(0);
    }
  });

  it('reports reason, place, clock and timestamp of each consent', async () => {
    const file = await world.sealed(await world.prepared(pdfFixture('libreoffice')), FIELDS[0]!);
    const report = await world.verified(file, 'B-T');
    expect(report).to.include({ valid: true, level: 'B-T' });
    const [signature] = report.signatures;
    expect(signature).to.include({ kind: 'signature', reason: REASON, location: '日本' });
    expect(signature!.claimedTime).to.deep.equal(new Date('2026-11-21T00:25:23Z'));
    expect(signature!.timestamp).to.be.instanceOf(Date);
    expect(signature!.coveredTo).to.equal(file.length);
  });

  it('asks for more at B-LTA than a fresh consent has', async () => {
    const file = await world.sealed(await world.prepared(pdfFixture('libreoffice')), FIELDS[0]!);
    const report = await world.verified(file, 'B-LTA');
    expect(report.valid).to.equal(false);
    expect(report.problems.join()).to.include('no-document-timestamp');
  });

  it('names size and hash of the whole file with each revision', async () => {
    const upload = pdfFixture('libreoffice');
    const prepared = await world.prepared(upload);
    const revision = await seal(bytesSource(prepared), {
      field: FIELDS[0]!,
      credential: world.authority.credential,
      timestampAuthority: world.timestampAuthority,
      reason: REASON,
      location: '日本',
      signingTime: new Date(),
    });
    const whole = Buffer.concat([prepared, revision.bytes]);
    expect(revision.size).to.equal(whole.length);
    expect(revision.sha256).to.equal(createHash('sha256').update(whole).digest('hex'));
    expect(await sha256Of(bytesSource(whole))).to.equal(revision.sha256);
  });

  it('makes the hole larger when a signature does not fit', async () => {
    const prepared = await world.prepared(pdfFixture('libreoffice'));
    const revision = await seal(bytesSource(prepared), {
      field: FIELDS[0]!,
      credential: world.authority.credential,
      timestampAuthority: {
        async timestamp(digest) {
          const { der, time } = await world.timestampAuthority.timestamp(digest);
          return { der: padded(der, 40_000), time };
        },
      },
      reason: REASON,
      location: '日本',
      signingTime: new Date(),
    });
    const [signature] = rawSignatures(revision.bytes);
    expect(signature!.contents.length).to.be.greaterThan(40_000);
  });

  it('refuses to seal a field that is missing or filled', async () => {
    const sealed = await world.sealed(await world.prepared(pdfFixture('libreoffice')), FIELDS[0]!);
    for (const field of [FIELDS[0]!, '見知らぬ欄']) {
      const error = await world.sealed(sealed, field).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(SigningError);
      expect(error).to.include({ transient: false });
    }
  });

  it('lets a timestamp outage through as transient', async () => {
    const prepared = await world.prepared(pdfFixture('libreoffice'));
    const outage = new SigningError('unreachable', { transient: true });
    const error = await seal(bytesSource(prepared), {
      field: FIELDS[0]!,
      credential: world.authority.credential,
      timestampAuthority: { timestamp: () => Promise.reject(outage) },
      reason: REASON,
      location: '日本',
      signingTime: new Date(),
    }).catch((reason: unknown) => reason);
    expect(error).to.equal(outage);
  });

  it('renews a closed file by appending only, and stays valid', async () => {
    const closed = await world.executed(pdfFixture('object-streams'));
    const renewed = await world.concluded(closed);
    expect(Buffer.compare(renewed.subarray(0, closed.length), closed)).to.equal(0);
    const report = await world.verified(renewed, 'B-LTA');
    expect(report).to.include({ valid: true, level: 'B-LTA' });
    expect(report.signatures.filter(({ kind }) => kind === 'document-timestamp')).to.have.length(2);
  });

  it('accepts a DSS that grew after the last timestamp', async () => {
    const closed = await world.executed(pdfFixture('libreoffice'));
    const renewed = Buffer.from(await world.concluded(closed));
    const withDss = renewed.subarray(0, renewed.indexOf('%%EOF\n', closed.length) + 6);
    expect(withDss.length).to.be.greaterThan(closed.length);
    expect(await world.verified(withDss, 'B-LTA')).to.include({ valid: true, level: 'B-LTA' });
  });

  it('reports on files that cannot be verified at all', async () => {
    for (const [name, why] of [
      ['libreoffice', 'no-signatures'],
      ['encrypted', 'encrypted'],
      ['truncated', 'truncated'],
    ] as const) {
      const report = await world.verified(pdfFixture(name), 'B-LTA');
      expect(report).to.deep.include({ valid: false, signatures: [], level: null });
      expect(report.problems.join()).to.match(new RegExp(`^${why}: `));
    }
  });

  it('knows the level of a file whose consents are proven but not closed', async () => {
    const closed = Buffer.from(await world.executed(pdfFixture('libreoffice')));
    const withDss = closed.subarray(0, closed.lastIndexOf('%%EOF\n', closed.length - 7) + 6);
    expect(await world.verified(withDss, 'B-T')).to.include({ valid: true, level: 'B-LT' });
  });

  it('keeps one copy of each proof in the DSS', async () => {
    const renewed = await world.concluded(await world.executed(pdfFixture('libreoffice')));
    const { certificates } = await readDss(await PdfDocument.open(bytesSource(renewed)));
    const distinct = new Set(certificates.map((der) => Buffer.from(der).toString('hex')));
    expect(distinct.size).to.equal(certificates.length);
    expect(certificates).not.to.have.length(0);
  });

  it('does not trust a root it was not given', async () => {
    const file = await world.executed(pdfFixture('libreoffice'));
    const options = { trust: [], profile: 'B-LTA', at: new Date() } as const;
    const report = await verify(bytesSource(file), options);
    expect(report).to.include({ valid: false, level: null });
    expect(report.signatures.every((signature) => !signature.valid)).to.equal(true);
  });

  it('refuses an executed file as a new upload, since nobody could tell its signatures from the new', async () => {
    const file = await world.executed(pdfFixture('libreoffice'));
    for (const signedUploads of ['refuse', 'append'] as const) {
      const outcome = await inspect(bytesSource(file), { signedUploads });
      expect(outcome).to.include({ ok: false, code: 'already-signed' });
    }
  });
});

/** A timestamp token as large as `size`: only its room is of interest here. */
function padded(der: Uint8Array, size: number): Uint8Array {
  const body = Buffer.concat([der, Buffer.from([0x04, 0x83, 0, 0, 0]), Buffer.alloc(size)]);
  body.writeUIntBE(size, der.length + 2, 3);
  return Buffer.concat([
    Buffer.from([0x30, 0x83, body.length >> 16, (body.length >> 8) & 255, body.length & 255]),
    body,
  ]);
}
