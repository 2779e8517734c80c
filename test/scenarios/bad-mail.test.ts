/** Mails that cannot be taken as they are: who hears of it, in which words, and that nothing else happens. */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { contractMail, drafted, mailsTo, requested } from '../support/acts.ts';
import { letter } from '../support/letters.ts';
import { pdfFixture } from '../support/pdf-tools.ts';
import {
  createWorld,
  GATEWAY_ADDRESS,
  type NamedPdf,
  SATO,
  samplePdf,
  type World,
  YAMADA,
} from '../support/world.ts';

const STRANGER = { name: '通りすがり', address: 'stranger@sample.example.jp' };
const OUTSIDER = { name: '部外者', address: 'outsider@elsewhere.example.jp' };
const MX = { via: '127.0.0.2' };
const SIZE_LIMIT = 1_000_000;

const RELAYS = JSON.stringify([
  { name: 'inside', networks: ['127.0.0.1/32'], kind: 'submission' },
  { name: 'mx', networks: ['127.0.0.2/32'], kind: 'mx', authservId: 'mx.mihon.example.jp' },
]);

describe('a mail that cannot be taken', () => {
  let world: World;
  before(async () => {
    world = await createWorld({
      env: {
        KEIYAKUBIN_SMTP__RELAYS: RELAYS,
        KEIYAKUBIN_SMTP__MAX_MESSAGE_OCTETS: String(SIZE_LIMIT),
        KEIYAKUBIN_ANSWERS__STRANGER_PER_DAY: '4',
      },
    });
    await world.start();
  });
  after(() => world.close());

  /** The text of the refusal that a contract mail with these files and lines gets. */
  const refusalOf = async (
    subject: string,
    mail: { text?: string; files?: readonly NamedPdf[] },
  ): Promise<string> => {
    const text = mail.text ?? contractMail(subject);
    const files = mail.files ?? [{ filename: '契約書.pdf', content: await samplePdf() }];
    await world.mail({ subject, text, pdf: files });
    const refusal = await world.next(SATO, new RegExp(`^【受け付けていません】${subject}$`));
    expect(refusal.text).to.include('相手方には何も送っていません');
    expect(refusal.text, 'the form comes along').to.include('契約相手方：');
    expect(refusal.autoSubmitted).to.equal('auto-replied');
    expect((await world.contracts()).map(({ title }) => title)).not.to.include(subject);
    return refusal.text;
  };
  const file = (filename: string, content: Uint8Array): NamedPdf => ({
    filename,
    content: Buffer.from(content),
  });

  describe('because of its files', () => {
    const oldWord = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(504),
      Buffer.from('WordDocument', 'utf16le'),
    ]);
    const lockedZip = Buffer.concat([Buffer.from('504b030414000100', 'hex'), Buffer.alloc(60)]);
    const cases: readonly [string, readonly NamedPdf[], string][] = [
      ['PDFなし', [], '契約書のPDFが添付されていません。'],
      ['切れたPDF', [file('契約書.pdf', pdfFixture('truncated'))], '「契約書.pdf」は途中で切れています。'],
      [
        '壊れたPDF',
        [file('契約書.pdf', pdfFixture('startxref-elsewhere'))],
        '「契約書.pdf」はPDFとしての作りが崩れていて、正しく読み取れません。',
      ],
      [
        '署名済みPDF',
        [file('契約書.pdf', pdfFixture('signed-certified'))],
        '「契約書.pdf」にはすでに電子署名があります。',
      ],
      [
        '鍵付きPDF',
        [file('契約書.pdf', pdfFixture('encrypted'))],
        '「契約書.pdf」には、開くためのパスワードか、印刷や編集の制限がかかっています。',
      ],
      ['ワード', [file('契約書.doc', oldWord)], '「契約書.doc」はワードまたはエクセルのファイルです。'],
      ['鍵付きZIP', [file('契約書.zip', lockedZip)], '「契約書.zip」はパスワード付きZIPのため、開けません。'],
      [
        '見せかけのPDF',
        [file('契約書.pdf', Buffer.from('これはPDFではない'))],
        '「契約書.pdf」はPDFではありません。',
      ],
      ['空のPDF', [file('契約書.pdf', Buffer.alloc(0))], '「契約書.pdf」は、中身のない空のファイルです。'],
      [
        '写真だけ',
        [file('契約書.jpg', Buffer.from('ffd8ffe000104a464946', 'hex'))],
        '画像（契約書.jpg）は、契約書としてお受けできません。',
      ],
    ];
    for (const [title, files, sentence] of cases) {
      it(`(${title}) is answered with what to do`, async () => {
        expect(await refusalOf(title, { files })).to.include(sentence);
      });
    }
  });

  describe('because of what it says', () => {
    it('without a counterparty names the line to write', async () => {
      const text = contractMail('相手なし').replace(/^契約相手方：.*\n/m, '');
      expect(await refusalOf('相手なし', { text })).to.include('契約相手方が書かれていません。');
    });

    it('with an address that nobody has registered points to the form for registering', async () => {
      const text = contractMail('未登録', [
        '契約相手方：株式会社サンプル 山田太郎 <other@sample.example.jp>',
      ]);
      const answer = await refusalOf('未登録', { text });
      expect(answer).to.include('「other@sample.example.jp」の登録が見つかりません');
      expect(answer).to.include('https://shinsei.mihon.example.jp/keiyaku');
    });

    it('with several problems hears of all of them at once', async () => {
      const text = contractMail('問題だらけ', [
        '契約相手方：山田太郎 <other@sample.example.jp>',
        '市側署名者：鈴木一郎 <suzuki@elsewhere.example.jp>',
        '契約金額：たくさん',
        '契約締結予定日：そのうち',
      ]);
      const answer = await refusalOf('問題だらけ', { text, files: [] });
      for (const sentence of [
        '「other@sample.example.jp」の登録が見つかりません',
        '「suzuki@elsewhere.example.jp」は、職員のアドレスではありません',
        '「契約金額」の金額「たくさん」を読み取れません',
        '「契約締結予定日」の日付「そのうち」を読み取れません',
        '契約書のPDFが添付されていません',
      ]) {
        expect(answer).to.include(sentence);
      }
    });

    it('as an empty mail gets the form', async () => {
      await world.mail({ subject: '（なし）', text: '' });
      const form = await world.next(SATO, /^【様式】/);
      expect(form.text).to.include('記入例');
    });

    it('as a forward never makes a participant of the address an Outlook quote shows', async () => {
      const content = await samplePdf();
      const text = `転送します。

差出人: 通りすがり <${STRANGER.address}>
送信日時: 2026年11月20日 18:00
宛先: 佐藤花子 <${SATO.address}>
件名: 契約の件

${contractMail('偽の工事', [`契約相手方：偽物 <${STRANGER.address}>`])}`;
      await world.mail({ subject: 'FW: 契約の件', text, pdf: [{ filename: '契約書.pdf', content }] });
      const refusal = await world.next(SATO, /FW: 契約の件/);
      expect(refusal.text).to.include('契約相手方が書かれていません。');
      expect(mailsTo(world, STRANGER, /./)).to.deep.equal([]);
    });
  });

  describe('because of who wrote it', () => {
    it('is answered politely, as often as a day allows and no more', async () => {
      for (let n = 1; n <= 6; n++) {
        await world.mailRaw(
          letter({
            from: STRANGER,
            to: GATEWAY_ADDRESS,
            subject: `質問${n}`,
            text: '契約はどうなっていますか。',
          }),
          { from: STRANGER.address, to: GATEWAY_ADDRESS },
        );
      }
      for (let n = 1; n <= 4; n++) {
        const answer = await world.next(STRANGER, /^【受け付けていません】質問\d$/);
        expect(answer.text).to.include('職員が契約書を送るためのものです');
      }
      await world.logged(/answered often enough today/);
      await world.logged(/answered often enough today/);
      expect(mailsTo(world, STRANGER, /./)).to.have.length(4);
    });

    const fromOutside = (subject: string, results: readonly string[]): Promise<string> =>
      world.mailRaw(
        letter({
          from: SATO,
          to: GATEWAY_ADDRESS,
          subject,
          text: 'ヘルプ',
          above: results.map((result) => `Authentication-Results: ${result}`),
        }),
        { from: SATO.address, to: GATEWAY_ADDRESS, ...MX },
      );

    it('is kept and never answered when an outside relay does not vouch for its staff sender', async () => {
      for (const results of [
        [],
        ['mx.mihon.example.jp; dmarc=fail header.from=mihon.example.jp'],
        ['mx.elsewhere.example.jp; dmarc=pass header.from=mihon.example.jp'],
        [
          'mx.mihon.example.jp; dmarc=fail header.from=mihon.example.jp',
          'mx.mihon.example.jp; dmarc=pass header.from=mihon.example.jp',
        ],
        ['mx.mihon.example.jp; dmarc=pass header.from=elsewhere.example.jp'],
      ]) {
        const before = mailsTo(world, SATO, /./).length;
        const kept = /stored as (\w+)/.exec(await fromOutside('名乗るだけ', results))![1]!;
        expect(await world.logged(new RegExp(`"message":"${kept}".*message read`))).to.include('quarantined');
        const row = await world.look(({ knex }) => knex('messages').where({ id: kept }).first());
        expect(row.status).to.equal('quarantined');
        expect(mailsTo(world, SATO, /./)).to.have.length(before);
      }
    });

    it('is staff when the relay says dmarc=pass for the domain of From', async () => {
      await fromOutside('本人', ['mx.mihon.example.jp; dmarc=pass header.from=mihon.example.jp']);
      expect((await world.next(SATO, /^【様式】/)).text).to.include('記入例');
    });

    it('is passed on and answered with the desks when the vendor replies to the request instead of opening its link', async () => {
      const request = await requested(world, '返信される工事');
      await world.reply(YAMADA, request, '承認');
      await world.next(SATO, /^【相手方からの返信】.*返信される工事$/);
      const answer = await world.next(YAMADA, /^【担当へお伝えしました】返信される工事$/);
      expect(answer.text).to.include('お届けしたメールのURLを開いて').and.to.include('ヘルプデスク');
      expect((await world.contracts()).at(-1)).to.include({ title: '返信される工事', state: 'awaiting' });
    });

    it('is refused before DATA when it is for an address we do not have', async () => {
      const refused = await world
        .mailRaw(letter({ from: SATO, to: 'nobody@mihon.example.jp', subject: '?', text: '?' }), {
          from: SATO.address,
          to: 'nobody@mihon.example.jp',
        })
        .then(
          () => null,
          (error: { responseCode: number; command: string }) => error,
        );
      expect(refused).to.include({ responseCode: 550, command: 'RCPT TO' });
    });

    it('is never answered when a program wrote it, whatever it says', async () => {
      const receipt = await drafted(world, '自動応答の工事');
      const raw = await readFile(join(import.meta.dirname, '../fixtures/mail/vacation.eml'));
      const before = mailsTo(world, SATO, /./).length;
      const kept = /stored as (\w+)/.exec(
        await world.mailRaw(raw, { from: SATO.address, to: receipt.replyTo }),
      )![1]!;
      expect(await world.logged(new RegExp(`"message":"${kept}".*message read`))).to.include('ignored');
      expect(mailsTo(world, SATO, /./)).to.have.length(before);
    });
  });

  describe('because of its size', () => {
    const big = letter({
      from: OUTSIDER,
      to: GATEWAY_ADDRESS,
      subject: '大',
      text: 'x'.repeat(900).concat('\n').repeat(1200),
    });
    const taken = (size?: number): Promise<number | null> =>
      world
        .mailRaw(big, {
          from: OUTSIDER.address,
          to: GATEWAY_ADDRESS,
          ...(size === undefined ? {} : { size }),
        })
        .then(
          () => null,
          (error: { responseCode: number }) => error.responseCode,
        );

    it('is refused with 552 after the octets, be they undeclared or declared too few', async () => {
      expect(Buffer.byteLength(big)).to.be.above(SIZE_LIMIT);
      expect(await taken()).to.equal(552);
      expect(await taken(1000)).to.equal(552);
    });

    it('is refused with 552 before the octets when its declared size is too much', async () => {
      const socket = connect(world.config.smtp.port, '127.0.0.1').on('error', () => {});
      const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
      const ask = async (line: string): Promise<string> => {
        socket.write(`${line}\r\n`);
        for (;;) {
          const { value, done } = await replies.next();
          if (done) throw new Error('the server hung up');
          if (/^\d{3} /.test(value)) return value;
        }
      };
      await replies.next();
      expect(await ask('EHLO client.example.jp')).to.match(/^250 /);
      expect(await ask(`MAIL FROM:<${SATO.address}> SIZE=${SIZE_LIMIT + 1}`)).to.match(/^552 /);
      socket.destroy();
    });
  });

  it('twice, because its 250 was lost on the way, has one effect', async () => {
    const receipt = await drafted(world, '二度届く工事');
    const raw = letter({
      from: SATO,
      to: receipt.replyTo,
      subject: 'Re: 受付',
      text: '依頼',
      above: ['Received: from a.mihon.example.jp; Sat, 21 Nov 2026 10:00:00 +0900'],
    });
    const envelope = { from: SATO.address, to: receipt.replyTo };
    await world.mailRaw(raw, envelope);
    await world.next(YAMADA, /二度届く工事/);
    await world.mailRaw(raw.replace('from a.', 'from b.'), envelope);
    await world.logged(/repeats an earlier one/);
    expect(mailsTo(world, SATO, /お受けできません.*二度届く工事/)).to.deep.equal([]);
    expect(mailsTo(world, YAMADA, /二度届く工事/)).to.have.length(1);
  });
});
