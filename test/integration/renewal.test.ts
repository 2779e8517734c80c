/** Renewals of the proof over generations of authorities: valid long after the first ones have ended, judged by others too. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { bytesSource, NotRenewable, renew, renewalDue, type SigningError } from '../../signing/index.ts';
import { withoutPadding } from '../support/cms-parts.ts';
import {
  after as afterYears,
  executedAtStart,
  issueGenerations,
  renewedAt,
  START,
  servicesAt,
  verifiedAt,
} from '../support/generations.ts';
import { coveredBytes, judge, pdfFixture, rawSignatures, withFiles } from '../support/pdf-tools.ts';
import { pemOf } from '../support/pki.ts';
import { rejection } from '../support/rejection.ts';

/** Years from the start in which each generation's authority is valid, and when it closes or renews the file. */
const SPANS = [
  [0, 2],
  [1, 4],
  [3, 7],
  [6, 12],
] as const;
const RENEWALS = [1.5, 3.5, 6.5] as const;
/** Only the newest authority is still alive. */
const FINALLY = afterYears(11);

for (const shape of ['libreoffice', 'object-streams'] as const) {
  describe(`a contract renewed over three generations (${shape})`, () => {
    const pki = issueGenerations(SPANS);
    const [, second, third, fourth] = pki.generations;
    const files: Uint8Array[] = [];
    before(async () => {
      files.push(await executedAtStart(pki, pdfFixture(shape)));
      for (const [index, generation] of [second!, third!, fourth!].entries()) {
        files.push(await renewedAt(pki, generation, files.at(-1)!, afterYears(RENEWALS[index]!)));
      }
    });

    it('only appends: every earlier state is an untouched prefix', () => {
      for (const [index, file] of files.slice(0, -1).entries()) {
        const next = files[index + 1]!;
        expect(next.length).to.be.greaterThan(file.length);
        expect(Buffer.compare(next.subarray(0, file.length), file)).to.equal(0);
      }
    });

    it('says until when the newest proof lasts', async () => {
      for (const [index, file] of files.entries()) {
        const due = await renewalDue(bytesSource(file), pki.trust);
        expect(due).to.deep.equal(pki.generations[index]!.notAfter);
      }
    });

    it('is valid while the newest authority lives, and says expired without the renewal', async () => {
      const renewed = await verifiedAt(pki, files[3]!, FINALLY);
      expect(renewed).to.deep.include({ verdict: 'extended', level: 'B-LTA', problems: [] });
      expect(renewed.provenUntil).to.deep.equal(fourth!.notAfter);
      expect(renewed.signatures.filter(({ kind }) => kind === 'document-timestamp')).to.have.length(4);
      for (const [index, { notAfter }] of pki.generations.slice(0, 3).entries()) {
        expect((await verifiedAt(pki, files[index]!, notAfter)).valid, `${index}`).to.equal(true);
        const late = await verifiedAt(pki, files[index]!, FINALLY);
        expect(late.verdict, `${index}`).to.equal('expired');
      }
    });

    it('is accepted by qpdf, pdfsig and openssl', () => {
      const file = files[3]!;
      expect(judge('qpdf', ['--check'], file)).to.include('No syntax or stream encoding errors found');
      const report = judge('pdfsig', ['-no-ocsp'], file);
      expect(report.match(/^Signature #\d+:$/gm)).to.have.length(5);
      expect(report).to.include('Signature is Valid.').and.not.to.include('Invalid');
      const stamps = rawSignatures(file).slice(1);
      expect(stamps).to.have.length(4);
      for (const [index, { range, contents }] of stamps.entries()) {
        const time = index === 0 ? START : afterYears(RENEWALS[index - 1]!);
        const parts = {
          data: coveredBytes(file, range),
          token: withoutPadding(contents),
          'roots.pem': pemOf(...pki.roots),
        };
        const { status, stderr } = withFiles(parts, (folder) =>
          spawnSync('openssl', [
            ...['ts', '-verify', '-token_in', '-in', `${folder}/token`, '-data', `${folder}/data`],
            ...['-CAfile', `${folder}/roots.pem`, '-attime', String(Math.floor(time.getTime() / 1000))],
          ]),
        );
        expect(status, `${index}: ${stderr}`).to.equal(0);
      }
    });

    it('is not renewed once its proof has run out', async () => {
      const late = afterYears(2.5);
      const error = await rejection(renewedAt(pki, second!, files[0]!, late));
      expect(error).to.be.instanceOf(NotRenewable).and.to.include({ reason: 'expired', transient: false });
    });

    it('is not renewed once an octet has changed', async () => {
      const broken = files[0]!.slice();
      const at = Buffer.from(broken).indexOf('MediaBox');
      broken[at < 0 ? 600 : at]! ^= 1;
      const error = await rejection(renewedAt(pki, second!, broken, afterYears(1.5)));
      expect(error).to.be.instanceOf(NotRenewable).and.to.include({ reason: 'altered', transient: false });
    });
  });
}

describe('a renewal', () => {
  const pki = issueGenerations(SPANS);
  const options = { ...servicesAt(pki, pki.generations[0]!, START), at: START };

  it('takes no file that was never closed', async () => {
    for (const work of [
      () => renew(bytesSource(pdfFixture('libreoffice')), options),
      () => renewalDue(bytesSource(pdfFixture('libreoffice')), pki.trust),
    ]) {
      expect(await rejection(work())).to.include({ name: 'NotRenewable', reason: 'not-closed' });
    }
  });

  it('is refused where the roots that the file leads to are no longer trusted', async () => {
    const file = await executedAtStart(pki, pdfFixture('libreoffice'));
    const others = [pki.roots[1].certificate];
    for (const work of [
      () => renew(bytesSource(file), { ...options, trust: others }),
      () => renewalDue(bytesSource(file), others),
    ]) {
      expect(await rejection(work())).to.include({ name: 'NotRenewable', reason: 'unproven' });
    }
  });

  it('takes nothing that is no PDF', async () => {
    const error = await rejection(renewalDue(bytesSource(Buffer.from('見本')), pki.trust));
    expect(error).to.include({ name: 'NotRenewable', reason: 'altered' });
  });

  it('passes an outage on as what it is, and leaves the file as it was', async () => {
    const file = await executedAtStart(pki, pdfFixture('libreoffice'));
    const digest = createHash('sha256').update(file).digest('hex');
    const outage = Object.assign(new Error('no answer'), { transient: true }) as SigningError;
    const silent = { ...options, timestampAuthority: { timestamp: () => Promise.reject(outage) } };
    expect(await rejection(renew(bytesSource(file), silent))).to.equal(outage);
    expect(createHash('sha256').update(file).digest('hex')).to.equal(digest);
  });
});
