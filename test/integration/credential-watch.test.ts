/** Certificates that run out: the operator hears of each date once, however often the process starts (R32). */
import { expect } from 'chai';
import {
  daysLeft,
  type SigningCertificate,
  signingCertificates,
} from '../../gateway/app/credential-expiry.ts';
import { sampleMunicipality } from '../../gateway/config/municipality.ts';
import {
  type CredentialWatchDependencies,
  credentialPerformers,
  reportRevoked,
  watchCredentials,
} from '../../gateway/jobs/credential-watch.ts';
import { type OutgoingMail, RelayUnavailable } from '../../gateway/mail/deliver.ts';
import { writeNote } from '../../storage/notes.ts';
import { claim, complete } from '../../storage/outbox.ts';
import { compileMails, type MailContent, type RenderedMail } from '../../templates/index.ts';
import { onEachEngine } from '../support/database.ts';
import { recordingLog } from '../support/log.ts';
import { rejection } from '../support/rejection.ts';

const OWN: SigningCertificate = {
  fingerprint: 'a'.repeat(64),
  name: '見本市 電子契約',
  use: 'contracts',
  own: true,
  notAfter: '2027-01-20T15:00:00.000Z',
  municipalities: ['mihon'],
};
const AUTHORITY: SigningCertificate = {
  fingerprint: 'b'.repeat(64),
  name: '見本認証局',
  use: 'contracts',
  own: false,
  notAfter: '2030-01-01T00:00:00.000Z',
  municipalities: ['mihon', 'tonari'],
};

const MAILS: SigningCertificate = {
  ...OWN,
  fingerprint: 'd'.repeat(64),
  name: '見本市 電子契約（メール）',
  use: 'mails',
};

onEachEngine('the watch over certificates', (held) => {
  let mails: OutgoingMail[];
  let down: boolean;
  let render: (content: MailContent) => RenderedMail;
  let lines: ReturnType<typeof recordingLog>;
  before(async () => {
    render = await compileMails();
  });
  beforeEach(() => {
    mails = [];
    down = false;
    lines = recordingLog();
  });

  const dependencies = (
    certificates: readonly SigningCertificate[],
    addresses: readonly string[],
  ): CredentialWatchDependencies => ({
    certificates,
    operator: { addresses, credentialWarningDays: [60, 30, 7] },
    delivery: {
      async send(mail) {
        if (down) throw new RelayUnavailable('no answer');
        mails.push(mail);
        return { outcome: 'taken', response: '250 ok' };
      },
      close: () => {},
    },
    render,
    municipalityOf: (id) => ({ ...sampleMunicipality, id, name: id === 'mihon' ? '見本市' : '隣町' }),
    settings: { testAuthority: false },
    log: lines.log,
  });
  const start = (watch: CredentialWatchDependencies, now: string) =>
    held.database.transaction((tx) => watchCredentials(tx, watch, now));

  /** Does all that is due at `now`. */
  async function work(watch: CredentialWatchDependencies, now: string): Promise<void> {
    const performers = credentialPerformers(watch);
    for (;;) {
      const entry = await held.database.transaction((tx) => claim(tx, now, now));
      if (!entry) return;
      const settle = await performers[entry.type as keyof typeof performers](entry, now);
      await held.database.transaction(async (tx) => {
        expect(await complete(tx, entry, now)).to.equal(true);
        await settle(tx, now);
      });
    }
  }
  const subjects = () => mails.map(({ to, subject }) => `${to.address} ${subject}`);

  it('mails each operator once at each date, and logs it', async () => {
    const watch = dependencies([OWN, AUTHORITY], ['unyo@mihon.example.jp', 'hsm@sample.example.jp']);
    for (const now of ['2026-11-01T00:00:00.000Z', '2026-11-21T14:59:59.000Z']) {
      await start(watch, now);
      await work(watch, now);
    }
    expect(subjects()).to.deep.equal([]);
    for (const now of ['2026-11-21T15:00:00.000Z', '2026-11-21T16:00:00.000Z', '2026-12-20T00:00:00.000Z']) {
      await start(watch, now);
      await work(watch, now);
    }
    const sixty = '【期限まであと60日】署名の証明書 見本市 電子契約';
    expect(subjects()).to.have.members([`unyo@mihon.example.jp ${sixty}`, `hsm@sample.example.jp ${sixty}`]);
    expect(mails[0]!.text).to.include('期限：令和9年1月21日（木）0時0分');
    expect(mails[0]!.from).to.deep.equal({ name: '見本市 電子契約', address: sampleMunicipality.address });
    expect(lines.lines.map(({ level, msg, daysLeft }) => [level, msg, daysLeft])).to.deep.equal([
      [40, 'signing certificate runs out', 60],
    ]);
    mails = [];
    for (const now of ['2026-12-21T15:00:00.000Z', '2027-01-13T15:00:00.000Z', '2027-01-20T15:00:00.000Z']) {
      await work(watch, now);
      await start(watch, now);
    }
    expect(
      mails.filter(({ to }) => to.address === 'unyo@mihon.example.jp').map(({ subject }) => subject),
    ).to.deep.equal([
      '【期限まであと30日】署名の証明書 見本市 電子契約',
      '【期限まであと7日】署名の証明書 見本市 電子契約',
      '【期限切れ】署名の証明書 見本市 電子契約',
    ]);
  });

  it('says of one that mails are signed with what becomes of them', async () => {
    const watch = dependencies([MAILS], ['unyo@mihon.example.jp']);
    for (const now of ['2026-12-21T15:00:00.000Z', '2027-01-20T15:00:00.000Z']) {
      await start(watch, now);
      await work(watch, now);
    }
    expect(mails.map(({ subject }) => subject)).to.deep.equal([
      '【期限まであと30日】メールの署名の証明書 見本市 電子契約（メール）',
      '【期限切れ】メールの署名の証明書 見本市 電子契約（メール）',
    ]);
    const [before, after] = mails.map(({ text }) => text);
    expect(before).to.include('municipalities[].smime').and.include('付けずに送られます。');
    expect(after).to.include('付けずに送っています。').and.not.include('signing.credential');
    expect(lines.lines.map(({ use, daysLeft }) => [use, daysLeft])).to.deep.equal([
      ['mails', 30],
      ['mails', 0],
    ]);
  });

  it('gives the most urgent notice alone to whoever starts late', async () => {
    const watch = dependencies([OWN], ['unyo@mihon.example.jp']);
    const late = '2027-01-15T00:00:00.000Z';
    await start(watch, late);
    await work(watch, late);
    expect(subjects()).to.deep.equal([
      'unyo@mihon.example.jp 【期限まであと6日】署名の証明書 見本市 電子契約',
    ]);
  });

  it('says nothing of a certificate that was replaced in time', async () => {
    await start(dependencies([OWN], ['unyo@mihon.example.jp']), '2026-11-01T00:00:00.000Z');
    const renewed = { ...OWN, fingerprint: 'c'.repeat(64), notAfter: '2029-01-01T00:00:00.000Z' };
    const watch = dependencies([renewed], ['unyo@mihon.example.jp']);
    await start(watch, '2026-11-20T00:00:00.000Z');
    await work(watch, '2027-02-01T00:00:00.000Z');
    expect(subjects()).to.deep.equal([]);
    expect(lines.lines).to.deep.equal([]);
  });

  it('names all whom a shared authority’s certificate concerns', async () => {
    const watch = dependencies([AUTHORITY], ['unyo@mihon.example.jp']);
    await start(watch, '2029-12-30T00:00:00.000Z');
    await work(watch, '2029-12-30T00:00:00.000Z');
    expect(mails.map(({ text }) => text)).to.have.length(1);
    expect(mails[0]!.text)
      .to.include('見本認証局（上位の認証局）')
      .and.include('使っている自治体：見本市、隣町');
  });

  it('keeps a notice for the relay’s return, and logs where nobody is named', async () => {
    const watch = dependencies([OWN], ['unyo@mihon.example.jp']);
    const day = '2026-11-21T15:00:00.000Z';
    await start(watch, day);
    down = true;
    expect(await rejection(work(watch, day))).to.be.instanceOf(RelayUnavailable);
    down = false;
    // The lease of the attempt that failed has run out.
    await work(watch, '2026-11-21T15:00:01.000Z');
    expect(subjects()).to.have.length(1);
    const silent = dependencies([AUTHORITY], []);
    await start(silent, '2029-12-01T00:00:00.000Z');
    await work(silent, '2029-12-01T00:00:00.000Z');
    expect(subjects()).to.have.length(1);
    expect(lines.lines.at(-1)).to.include({ certificate: '見本認証局', daysLeft: 31 });
  });

  it('tells of a revocation once', async () => {
    const watch = dependencies([OWN], ['unyo@mihon.example.jp']);
    const now = '2026-11-01T00:00:00.000Z';
    const revoked = { fingerprint: OWN.fingerprint, municipality: 'mihon' };
    for (let times = 0; times < 3; times++) {
      await reportRevoked(held.database, watch.operator, revoked, now);
      await work(watch, now);
    }
    expect(subjects()).to.deep.equal(['unyo@mihon.example.jp 【失効】署名の証明書 見本市 電子契約']);
  });

  it('leaves no address in the outbox', async () => {
    const watch = dependencies([OWN], ['unyo@mihon.example.jp']);
    await start(watch, '2027-01-15T00:00:00.000Z');
    await work(watch, '2027-01-15T00:00:00.000Z');
    const rows = await held.database.knex('outbox');
    expect(rows.filter(({ type }) => type === 'credential-notice')).to.have.length(1);
    expect(JSON.stringify(rows)).not.to.include('unyo');
  });

  it('lists what is in use for whoever asks, the first to run out first', async () => {
    const { knex } = held.database;
    expect(await signingCertificates(knex)).to.deep.equal([]);
    await start(dependencies([AUTHORITY, OWN], []), '2026-11-01T00:00:00.000Z');
    expect(await signingCertificates(knex)).to.deep.equal([OWN, AUTHORITY]);
    await start(dependencies([AUTHORITY], []), '2026-11-01T00:00:00.000Z');
    expect(await signingCertificates(knex)).to.deep.equal([AUTHORITY]);
    // As it was noted before mails were signed.
    const { use, ...noted } = AUTHORITY;
    await held.database.transaction((tx) => writeNote(tx, 'signing-certificates', [noted]));
    expect(await signingCertificates(knex)).to.deep.equal([{ ...noted, use }]);
    expect(daysLeft(OWN, '2027-01-19T15:00:01.000Z')).to.equal(1);
    expect(daysLeft(OWN, '2027-01-20T15:00:00.000Z')).to.equal(0);
    expect(daysLeft(OWN, '2028-01-01T00:00:00.000Z')).to.equal(0);
  });
});
