// The registration feed: both encodings, the documented columns, and every rule with its line number.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { isMailAddress, normaliseAddress } from '../../gateway/mail/address.ts';
import {
  COLUMNS,
  type DecodedFeed,
  decodeCsv,
  type FeedReport,
  logSentence,
  readRegistrations,
} from '../../gateway/registration/index.ts';
import { registrationSentence } from '../../templates/registration.ja.ts';
import { cp932, feedOf, FEED_HEADER as HEADER, feedRow as row } from '../support/feed.ts';

function decode(bytes: Uint8Array): DecodedFeed {
  const feed = decodeCsv(bytes);
  if ('reason' in feed) throw new Error(logSentence(feed.line, feed.reason));
  return feed;
}

function read(...lines: string[]): FeedReport {
  return readRegistrations(decode(feedOf(...lines)).rows);
}

function refusals(...lines: string[]): [number, string][] {
  return read(...lines).refused.map(({ line, reason }) => [line, reason.code]);
}

describe('registration feed', () => {
  describe('decoding', () => {
    const text = `${HEADER}\r\n${row()}\r\n`;

    it('reads UTF-8 with and without a byte order mark, and CP932, to the same rows', () => {
      const plain = decode(Buffer.from(text));
      expect(plain.encoding).to.equal('utf-8');
      expect(plain.rows.map(({ line }) => line)).to.deep.equal([1, 2]);
      expect(plain.rows[0]!.cells[0]).to.equal('整理番号');
      expect(decode(Buffer.from(`\ufeff${text}`)).rows).to.deep.equal(plain.rows);
      expect(decode(cp932(text))).to.deep.equal({ rows: plain.rows, encoding: 'cp932' });
    });

    it('keeps the vendor characters of CP932 (髙, 﨑, ①)', () => {
      const name = Buffer.from('fbfcfab18740', 'hex');
      expect(decode(Buffer.concat([cp932('見本'), name])).rows[0]!.cells).to.deep.equal(['見本髙﨑①']);
    });

    it('counts lines as an editor shows them, past empty lines and line breaks inside values', () => {
      const { rows } = decode(Buffer.from('a,b\r\n\r\n"x\r\ny",2\nz,3\n'));
      expect(rows).to.deep.equal([
        { line: 1, cells: ['a', 'b'] },
        { line: 3, cells: ['x\ny', '2'] },
        { line: 5, cells: ['z', '3'] },
      ]);
    });

    it('refuses what is neither encoding and quotes that never close', () => {
      const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
      expect(decodeCsv(utf16)).to.deep.equal({ line: 1, reason: { code: 'unknown-encoding', args: {} } });
      expect(decodeCsv(Uint8Array.of(0x80, 0xff))).to.have.nested.property('reason.code', 'unknown-encoding');
      expect(decodeCsv(Buffer.from('a,b\n"x,2\n'))).to.deep.include({
        reason: { code: 'broken-csv', args: {} },
      });
    });
  });

  describe('columns', () => {
    it('names all missing columns at once', () => {
      const { accepted, refused } = readRegistrations(decode(Buffer.from(`整理番号,申込日時\n1,2`)).rows);
      expect(accepted).to.deep.equal([]);
      expect(refused).to.have.length(1);
      expect(refused[0]!.line).to.equal(1);
      expect(refused[0]!.reason.args.columns!.split('、')).to.deep.equal(HEADER.split(',').slice(2));
    });

    it('takes any order, further columns, and forgives blanks and width in names', () => {
      const header = ['受付状況', ...HEADER.split(',').reverse()]
        .join(',')
        .replace('整理番号', ' 整理番号　');
      const cells = ['済', ...row().split(',').reverse()].join(',');
      const { accepted, refused } = readRegistrations(decode(Buffer.from(`${header}\n${cells}`)).rows);
      expect(refused).to.deep.equal([]);
      expect(accepted[0]!.registration.receiptNumber).to.equal('12345');
    });

    it('refuses a column that is there twice, and an empty feed', () => {
      const feed = readRegistrations(decode(Buffer.from(`${HEADER},備考\n${row()},x`)).rows);
      expect(feed.refused.map(({ reason }) => reason.code)).to.deep.equal(['repeated-column']);
      expect(readRegistrations([]).refused[0]!.reason.code).to.equal('no-header');
    });
  });

  describe('rows', () => {
    it('turns a row into a registration', () => {
      expect(read(row()).accepted[0]!.line).to.equal(2);
      expect(read(row()).accepted.map(({ registration }) => registration)).to.deep.equal([
        {
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
          consentedToElectronic: true,
        },
      ]);
    });

    it('normalises addresses and takes carrier addresses with dots in a row', () => {
      const { accepted } = read(
        row({ 締結権限者メールアドレス: '　Ｙａｍａｄａ＠SAMPLE.example.jp ' }),
        row({ 整理番号: '12346', 締結権限者メールアドレス: 'foo..bar@docomo.ne.jp' }),
        row({ 整理番号: '12347', 締結権限者メールアドレス: 'foo.@docomo.ne.jp' }),
      );
      expect(accepted.map(({ registration }) => registration.signatory.address)).to.deep.equal([
        'yamada@sample.example.jp',
        'foo..bar@docomo.ne.jp',
        'foo.@docomo.ne.jp',
      ]);
    });

    it('has no checker where both columns are empty, and wants both otherwise', () => {
      expect(
        read(row({ 事務担当者氏名: '', 事務担当者メールアドレス: '' })).accepted[0]!.registration.checker,
      ).to.equal(null);
      expect(refusals(row({ 事務担当者メールアドレス: '' }))).to.deep.equal([[2, 'incomplete-checker']]);
      expect(refusals(row({ 事務担当者氏名: '' }))).to.deep.equal([[2, 'incomplete-checker']]);
    });

    it('refuses a checker with the signatory’s address in another spelling', () => {
      const line = row({ 事務担当者メールアドレス: 'ＹＡＭＡＤＡ@Sample.example.jp' });
      expect(refusals(row({ 整理番号: '1' }), line)).to.deep.equal([[3, 'same-address']]);
    });

    it('refuses a row without the declaration', () => {
      for (const consent of ['', '同意しない', 'いいえ', '紙の契約を希望する']) {
        expect(refusals(row({ 電子契約への同意: consent })), consent).to.deep.equal([[2, 'no-declaration']]);
      }
      for (const consent of ['同意します', ' はい ', '○']) {
        expect(refusals(row({ 電子契約への同意: consent })), consent).to.deep.equal([]);
      }
    });

    it('gives every reason of a row, each with its line, and still takes the good rows', () => {
      const report = read(
        row({ 商号又は名称: '　', 申込日時: '2026/2/31 9:00', 締結権限者メールアドレス: 'yamada@sample' }),
        row(),
        row(),
        row({ 整理番号: '12348' }).replace(',同意する,', ',同意する,,'),
      );
      expect(report.accepted).to.have.length(1);
      expect(report.refused.map(({ line, reason }) => [line, reason.code])).to.deep.equal([
        [2, 'missing-value'],
        [2, 'bad-applied-at'],
        [2, 'bad-address'],
        [4, 'repeated-receipt-number'],
        [5, 'wrong-cell-count'],
      ]);
    });

    it('wants 契約件名 for each contract, not for a standing registration', () => {
      const line = row({ 契約件名: '' });
      expect(refusals(line)).to.deep.equal([[2, 'missing-value']]);
      const { rows } = decode(Buffer.from(`${HEADER}\n${line}`));
      expect(readRegistrations(rows, 'standing').accepted[0]!.registration.title).to.equal('');
    });

    it('has a Japanese sentence with its values filled in, and an English line for logs', () => {
      const { refused } = read(row({ 締結権限者メールアドレス: '山田', 電子契約への同意: 'いいえ' }));
      const sentences = refused.map(({ reason }) => registrationSentence(reason.code, reason.args));
      expect(sentences[0]).to.include('「締結権限者メールアドレス」の「山田」');
      expect(sentences[1]).to.include('「いいえ」').and.include('紙の契約');
      expect(refused.map(({ line, reason }) => logSentence(line, reason))).to.deep.equal([
        'line 2: bad-address: 締結権限者メールアドレス is no mail address: 山田',
        'line 2: no-declaration: 電子契約への同意 does not say that the vendor agrees: いいえ',
      ]);
    });
  });

  it('takes the example of docs/touroku-csv.md, which names every column', () => {
    const manual = readFileSync(new URL('../../docs/touroku-csv.md', import.meta.url), 'utf8');
    const example = /```csv\n([^`]+)```/.exec(manual)![1]!;
    const { accepted, refused } = readRegistrations(decode(Buffer.from(example)).rows);
    expect(refused).to.deep.equal([]);
    expect(accepted).to.have.length(1);
    for (const column of Object.values(COLUMNS)) expect(manual).to.include(`| ${column} |`);
  });

  describe('addresses', () => {
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
