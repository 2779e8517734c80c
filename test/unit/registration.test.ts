// The rules of the registration feed: a row as understood becomes a registration, a withdrawal, or refusals that say why.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { CARRIER_DOMAINS, FREE_MAIL_DOMAINS } from '../../gateway/config/mail-domains.ts';
import { isMailAddress, normaliseAddress } from '../../gateway/mail/address.ts';
import { probablyMeant, registeredAddress } from '../../gateway/registration/addresses.ts';
import {
  COLUMNS,
  type FeedItem,
  type Form,
  type Judgement,
  judge,
  presetForm,
  type Registration,
  readFeed,
} from '../../gateway/registration/index.ts';
import { foldCompany } from '../../gateway/registration/names.ts';
import { guarded, refusedCsv, unguarded } from '../../gateway/registration/write.ts';
import { registrationReport, registrationReportSample } from '../../templates/mails/registration-report.ts';
import { registrationSentence } from '../../templates/registration.ja.ts';
import { feedOf, feedRow as row } from '../support/feed.ts';

const STANDARD = presetForm('標準');
const LISTS = { freeMailDomains: FREE_MAIL_DOMAINS, carrierDomains: CARRIER_DOMAINS };

async function judged(bytes: Uint8Array, form: Form = STANDARD): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  for await (const item of readFeed(bytes, form)) {
    if ('cells' in item) judgements.push(judge(item.cells, form, LISTS));
    else if ('refusals' in item) throw new Error(`line ${item.line}: ${JSON.stringify(item.refusals)}`);
  }
  return judgements;
}

const read = (...rows: string[]): Promise<Judgement[]> => judged(feedOf(...rows));

async function registered(line: string): Promise<Registration> {
  const [judgement] = await read(line);
  if (judgement?.outcome !== 'registration') throw new Error(JSON.stringify(judgement));
  return judgement.registration;
}

/** Codes of the refusals, or of what staff are asked. */
async function codes(line: string): Promise<string[]> {
  const [judgement] = await read(line);
  if (judgement?.outcome === 'refused') return judgement.refusals.map(({ code }) => code);
  return judgement?.outcome === 'registration' ? judgement.asks.map((ask) => `ask:${ask}`) : ['withdrawn'];
}

/** A feed whose header has 処理状況 and 個人・法人区分, too. */
function withColumns(columns: Record<string, string>, changes: Parameters<typeof row>[0] = {}): Buffer {
  const [header, ...rows] = feedOf(row(changes)).toString('utf8').split('\r\n');
  const names = Object.keys(columns).join(',');
  return Buffer.from(
    [`${names},${header}`, `${Object.values(columns).join(',')},${rows[0]}`, ''].join('\r\n'),
  );
}

describe('registration rules', () => {
  it('turn a row into a registration', async () => {
    expect(await registered(row())).to.deep.equal({
      receiptNumber: '12345',
      appliedAt: new Date('2026-11-21T00:03:00Z'),
      company: '株式会社サンプル',
      place: '見本市見本町1-2-3',
      signatory: { title: '代表取締役', name: '山田太郎', address: 'yamada@sample.example.jp' },
      checker: { name: '田中次郎', address: 'tanaka@sample.example.jp' },
      phone: '00-0000-0002',
      title: '市道1号線舗装工事',
      section: '総務課管財係',
      remarks: '',
      individual: false,
      consentedToElectronic: true,
      representationAccepted: false,
      extra: {},
    });
  });

  it('normalise addresses, write Japanese domains as DNS has them, and take carrier addresses as they are', async () => {
    const remarks = { 備考: '会社の携帯電話のため' };
    const address = async (written: string): Promise<string> =>
      (await registered(row({ 締結権限者メールアドレス: written, ...remarks }))).signatory.address;
    expect(await address('　Ｙａｍａｄａ＠SAMPLE.example.jp ')).to.equal('yamada@sample.example.jp');
    expect(await address('info@見本.jp')).to.equal('info@xn--8pvz87e.jp');
    for (const carrier of ['foo..bar@docomo.ne.jp', 'foo.@docomo.ne.jp', '.foo@docomo.ne.jp']) {
      expect(await address(carrier)).to.equal(carrier);
    }
  });

  it('have no checker where both columns are empty, and want both otherwise', async () => {
    expect((await registered(row({ 事務担当者氏名: '', 事務担当者メールアドレス: '' }))).checker).to.equal(
      null,
    );
    expect(await codes(row({ 事務担当者メールアドレス: '' }))).to.deep.equal(['incomplete-checker']);
    expect(await codes(row({ 事務担当者氏名: '' }))).to.deep.equal(['incomplete-checker']);
  });

  it('refuse a checker with the signatory’s address in another spelling (R9)', async () => {
    const line = row({ 事務担当者メールアドレス: 'ＹＡＭＡＤＡ@Sample.example.jp' });
    expect(await codes(line)).to.deep.equal(['same-address']);
  });

  it('refuse a row without the declaration (R7b)', async () => {
    for (const consent of ['', '同意しない', 'いいえ', '紙の契約を希望する']) {
      expect(await codes(row({ 電子契約への同意: consent })), consent).to.deep.equal(['no-declaration']);
    }
    for (const consent of ['同意します', ' はい ', '○', '同意します。']) {
      expect(await codes(row({ 電子契約への同意: consent })), consent).to.deep.equal([]);
    }
  });

  it('give every reason of a row', async () => {
    const bad = { 商号又は名称: '　', 申込日時: '2026/2/31 9:00', 締結権限者メールアドレス: 'yamada@sample' };
    expect(await codes(row(bad))).to.have.members(['missing-value', 'bad-applied-at', 'bad-address']);
  });

  it('want 契約件名 for each contract, not for a standing registration', async () => {
    const line = row({ 契約件名: '' });
    expect(await codes(line)).to.deep.equal(['missing-value']);
    const [standing] = await judged(feedOf(line), presetForm('標準', 'standing'));
    expect(standing).to.have.nested.property('registration.title', '');
  });

  describe('free mail and carriers (R5)', () => {
    it('are refused without a reason and wait for staff with one, subdomains included', async () => {
      const of = (address: string, remarks = ''): Promise<string[]> =>
        codes(row({ 締結権限者メールアドレス: address, 備考: remarks }));
      expect(await of('sample@gmail.com')).to.deep.equal(['free-mail']);
      expect(await of('sample@gmail.com', '特になし')).to.deep.equal(['free-mail']);
      expect(await of('sample@gmail.com', '会社のアドレスがないため')).to.deep.equal(['ask:free-mail']);
      expect(await of('sample@abc.ezweb.ne.jp')).to.deep.equal(['carrier-mail']);
      expect(await of('sample@docomo.ne.jp', '携帯のみ')).to.deep.equal(['ask:carrier-mail']);
      expect(await of('sample@notgmail.com')).to.deep.equal([]);
    });

    it('are nobody’s concern where the vendor is an individual (R6)', async () => {
      const changes = { 締結権限者メールアドレス: 'sample@gmail.com', 締結権限者役職: '' };
      const [individual] = await judged(withColumns({ '個人・法人区分': '個人' }, changes));
      expect(individual).to.deep.include({ outcome: 'registration', asks: [] });
      const [company] = await judged(withColumns({ '個人・法人区分': '法人' }, changes));
      expect(company).to.have.property('outcome', 'refused');
    });
  });

  describe('処理状況', () => {
    it('takes back, waits, or is asked about', async () => {
      const of = async (status: string): Promise<Judgement> =>
        (await judged(withColumns({ 処理状況: status })))[0]!;
      expect(await of('受付済')).to.have.property('outcome', 'registration');
      for (const status of ['取下げ', '却下', '未受理']) {
        expect(await of(status), status).to.deep.equal({
          outcome: 'withdrawn',
          receiptNumber: '12345',
          appliedAt: new Date('2026-11-21T00:03:00Z'),
        });
      }
      expect(await of('返却中')).to.have.nested.property('refusals[0].code', 'not-accepted-yet');
      expect(await of('謎')).to.have.nested.property('refusals[0].code', 'unknown-status');
    });
  });

  it('see a change of address in 備考 however it is written (R4)', async () => {
    for (const remarks of [
      'Eメールアドレス変更申請',
      'Ｅメールアドレス　変更申請',
      'Ｅ－ｍａｉｌアドレスの変更申請です',
      'ﾒｰﾙｱﾄﾞﾚｽ変更',
      'メール アドレス\n変更申請',
    ]) {
      expect(await codes(row({ 備考: remarks })), remarks).to.deep.equal(['ask:change-of-address']);
    }
    expect(await codes(row({ 備考: '住所変更あり' }))).to.deep.equal([]);
    const gmail = { 締結権限者メールアドレス: 'sample@gmail.com' };
    expect(await codes(row({ ...gmail, 備考: 'Eメールアドレス変更申請' }))).to.deep.equal(['free-mail']);
  });

  describe('typing errors in addresses', () => {
    it('are asked back with what was probably meant', async () => {
      const meant: Record<string, string> = {
        'a@gmial.com': 'a@gmail.com',
        'a@gmail.con': 'a@gmail.com',
        'a@gmail.co.jp': 'a@gmail.com',
        'a@sample.co.jo': 'a@sample.co.jp',
        'a@sample.cmo': 'a@sample.com',
        'a@docomo.co.jp': 'a@docomo.ne.jp',
        'a@yaho.co.jp': 'a@yahoo.co.jp',
        'a@city.mihon.lg.jpp': 'a@city.mihon.lg.jp',
      };
      for (const [written, right] of Object.entries(meant)) expect(probablyMeant(written)).to.equal(right);
      expect(await codes(row({ 締結権限者メールアドレス: 'a@sample.co.jo' }))).to.deep.equal([
        'mistyped-address',
      ]);
      const sure = row({
        締結権限者メールアドレス: 'a@sample.co.jo',
        備考: 'アドレスは a@sample.co.jo です',
      });
      expect(await codes(sure)).to.deep.equal(['ask:unusual-domain']);
    });

    it('are not seen in real domains', () => {
      const real = [
        'sample.co.jp',
        'sample.or.jp',
        'sample.jp',
        'sample.com',
        'sample.co',
        'sample.tokyo',
        'sample.cm',
        'city.mihon.lg.jp',
        'mail.com',
        'ymail.com',
        'gmo.jp',
        'yahoo.com',
        'outlook.jp',
        'docomo.ne.jp',
        'nttdocomo.com',
        'softbank.jp',
        'g.softbank.co.jp',
        'i.softbank.jp',
        'kddi.com',
        'ocn.ne.jp',
        'mineo.jp',
        'sample.example.jp',
        'gmail-service.co.jp',
        'yamaha.co.jp',
        'icom.co.jp',
        'au.com',
        'live.jp',
        'xn--wgv.jp',
      ];
      for (const domain of real) expect(probablyMeant(`a@${domain}`), domain).to.equal(null);
    });
  });

  it('have a Japanese sentence with its values filled in', async () => {
    const [refused] = await read(row({ 締結権限者メールアドレス: '山田', 電子契約への同意: 'いいえ' }));
    if (refused?.outcome !== 'refused') throw new Error('not refused');
    const sentences = refused.refusals.map(({ code, args }) => registrationSentence(code, args)).join('\n');
    expect(sentences).to.include('「締結権限者メールアドレス」の「山田」').and.include('「いいえ」');
  });

  it('take the example of docs/touroku-csv.md', async () => {
    const manual = readFileSync(new URL('../../docs/touroku-csv.md', import.meta.url), 'utf8');
    const example = /```csv\n([^`]+)```/.exec(manual)![1]!;
    expect((await judged(Buffer.from(example))).map(({ outcome }) => outcome)).to.deep.equal([
      'registration',
    ]);
    for (const column of Object.values(COLUMNS)) expect(manual).to.include(`| ${column} |`);
  });

  it('fold the names of companies for comparing', () => {
    expect(foldCompany('㈱髙﨑 ｻﾝﾌﾟﾙ')).to.equal(foldCompany('株式会社高崎サンプル'));
    expect(foldCompany('(有)見本')).to.equal(foldCompany('有限会社 見本'));
  });

  it('say when more rows were refused than one CSV holds', () => {
    const report = (refused: number): string => {
      const [feed] = registrationReportSample.feeds;
      const feeds = [{ ...feed!, counts: { ...feed!.counts, refused } }];
      return JSON.stringify(registrationReport({ ...registrationReportSample, feeds }));
    };
    expect(report(10_000)).to.not.include('行までです');
    expect(report(10_001)).to.include('はじめの10,000行までです');
  });

  describe('CSV on the way out', () => {
    it('runs no cell as a formula, and undoes that on the way back', () => {
      for (const cell of ['=cmd|calc', '+81', '-1', '@sum', '\tx', '\rx', '＝1+1']) {
        expect(guarded(cell)[0], cell).to.equal("'");
        expect(unguarded(guarded(cell))).to.equal(cell);
      }
      fc.assert(
        fc.property(fc.string(), (cell) => {
          expect(unguarded(guarded(cell))).to.equal(cell);
          expect(guarded(cell)).to.not.match(/^[=+\-@\t\r]/);
        }),
      );
    });

    it('is read again under the header it came with, the reasons passed over', async () => {
      const items: FeedItem[] = [];
      const bad = feedOf(row({ 電話番号: '', 備考: "=cmd|' /C calc'!A0" }));
      for await (const item of readFeed(bad, STANDARD)) items.push(item);
      const [header, first] = items as unknown as [{ header: string[] }, { original: string[] }];
      const csv = refusedCsv(header.header, [{ original: first.original, reasons: ['空欄です。'] }]);
      expect(csv.startsWith('\ufeff"整理番号",')).to.equal(true);
      expect(csv).to.include('"空欄です。"').and.include(`"'=cmd|`);
      const mended = csv.replace('"","市道1号線舗装工事"', '"00-0000-0002","市道1号線舗装工事"');
      const [judgement] = await judged(Buffer.from(mended));
      expect(judgement).to.have.nested.property('registration.remarks', "=cmd|' /C calc'!A0");
    });
  });

  describe('addresses', () => {
    it('are registered in one spelling, the second time the same', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme' }), (text) => {
          const once = registeredAddress(text);
          expect(registeredAddress(once)).to.equal(once);
        }),
      );
    });

    it('normalise to themselves the second time', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme' }), (text) => {
          const once = normaliseAddress(text);
          expect(normaliseAddress(once)).to.equal(once);
        }),
      );
    });

    it('are refused with two @, blanks, no dot in the domain, headers or brackets inside', () => {
      const bad = [
        'a@b@sample.example.jp',
        'a b@sample.example.jp',
        'a@sample',
        '@sample.example.jp',
        'a@.jp',
      ];
      for (const address of [
        ...bad,
        'a@sample.example.jp\r\nBcc:x@y.jp',
        '<a@sample.example.jp>',
        `${'a'.repeat(65)}@x.jp`,
      ]) {
        expect(isMailAddress(address), address).to.equal(false);
      }
    });
  });
});
