/** Mails to the address for verification: who is answered what, about which PDF, and how often (R45, RFC 3834). */
import { join } from 'node:path';
import { expect } from 'chai';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import type { Writer } from '../../demo/people.ts';
import {
  bytesSource,
  conclude,
  consentField,
  httpRevocationProvider,
  httpTimestampAuthority,
  openTestAuthority,
  prepare,
  seal,
} from '../../signing/index.ts';
import { approvalAsked, completion } from '../support/acts.ts';
import { stampFont } from '../support/pdf-tools.ts';
import {
  createWorld,
  GATEWAY_ADDRESS,
  SATO,
  SUZUKI,
  samplePdf,
  TAKAHASHI,
  type World,
  YAMADA,
} from '../support/world.ts';

const KENSHO = 'kensho@mihon.example.jp';
const TITLE = '市道2号線舗装工事';
const PER_DAY = 7;
const PASSED = 'Authentication-Results: mx.mihon.example.jp; dmarc=pass header.from=else.example.jp';

/** Insiders on the loopback address, everybody else by a mail exchanger at 127.0.0.2. */
const RELAYS = `
- { name: lgwan, networks: [127.0.0.1/32, "::1/128"], kind: submission }
- { name: mx, networks: [127.0.0.2/32], kind: mx, authservId: mx.mihon.example.jp }
`;

describe('the address for verification', () => {
  let world: World;
  let executed: Buffer;
  let certificate: Buffer;

  before(async () => {
    world = await createWorld({
      env: {
        KEIYAKUBIN_VERIFICATION__ANSWERS_PER_DAY: String(PER_DAY),
        KEIYAKUBIN_VERIFICATION__FILES_PER_MAIL: '3',
        KEIYAKUBIN_SMTP__RELAYS: RELAYS,
      },
    });
    await world.start();
    const { approval } = await approvalAsked(world, TITLE);
    await world.reply(SUZUKI, approval, '承認');
    const { attachments } = await completion(world, YAMADA, TITLE);
    [executed, certificate] = attachments.map(({ content }) => content) as [Buffer, Buffer];
  });
  after(() => world.close());

  const asked = async (
    from: Writer,
    files: readonly (readonly [string, Buffer])[],
    to: string | readonly string[] = KENSHO,
  ): Promise<void> => {
    const pdf = files.map(([filename, content]) => ({ filename, content }));
    await world.mail({ from, to: [to].flat().join(', '), subject: '確認のお願い', text: '', pdf });
  };
  const answered = async (
    from: Writer,
    files: readonly (readonly [string, Buffer])[],
  ): Promise<ReceivedMail> => {
    await asked(from, files);
    return world.next(from, /^【文書の確認】/);
  };

  it('tells a participant that the contract is as it was concluded, and which one it is', async () => {
    const mail = await answered(YAMADA, [['契約書.pdf', executed]]);
    expect(mail.subject).to.equal('【文書の確認】有効：契約書.pdf');
    expect(mail.text)
      .to.include('判定：有効')
      .and.to.match(new RegExp(`契約：\\d{4}-\\d{4} ${TITLE}`));
    expect(mail.text).to.include('締結時の内容のままです。');
    expect(mail.text).to.include('操作：ヘルプデスク');
    expect(mail.autoSubmitted).to.equal('auto-replied');
  });

  it('answers for several files at once, the certificate among them', async () => {
    const forged = Buffer.from(executed);
    forged[Math.floor((await samplePdf()).length / 2)]! ^= 1;
    const mail = await answered(YAMADA, [
      ['証明書.pdf', certificate],
      ['改変.pdf', forged],
      ['依頼前.pdf', await samplePdf()],
      ['多すぎ.pdf', await samplePdf()],
      ['添え状.zip', Buffer.from('504b0304140001000800', 'hex')],
    ]);
    expect(mail.subject).to.equal('【文書の確認】3件の結果');
    const verdicts = [...mail.text.matchAll(/^文書：\d (\S+?)（.*\n判定：(.*)$/gm)].map(([, name, word]) => [
      name,
      word,
    ]);
    expect(verdicts).to.deep.equal([
      ['証明書.pdf', '有効'],
      ['改変.pdf', '改変あり'],
      ['依頼前.pdf', '旧版'],
    ]);
    expect(mail.text).to.include('「添え状.zip」は確認できませんでした。');
    expect(mail.text).to.include('PDFが多いため、1件は確認していません。').and.include('「控え」');
  });

  it('tells staff which contract it is, and a stranger only the verdict', async () => {
    expect((await answered(SATO, [['契約書.pdf', executed]])).text).to.include(TITLE);
    const mail = await answered(TAKAHASHI, [['契約書.pdf', executed]]);
    expect(mail.subject).to.equal('【文書の確認】有効：契約書.pdf');
    expect(mail.text).not.to.include(TITLE);
    expect(mail.text).not.to.match(/\d{4}-\d{4} /);
  });

  it('does not call its own what only looks and verifies like it', async () => {
    const mail = await answered(TAKAHASHI, [['契約書.pdf', await counterfeit()]]);
    expect(mail.subject).to.equal('【文書の確認】当システムの文書ではない：契約書.pdf');
  });

  it('says how to ask when there is no PDF', async () => {
    const mail = await answered(TAKAHASHI, []);
    expect(mail.subject).to.equal('【文書の確認】PDFを添付してお送りください');
    expect(mail.text.split('\n')).to.include(KENSHO);
    expect(mail.text).to.include('一度に3件まで');
  });

  it('leaves a mail alone that came to the address for contracts as well', async () => {
    await asked(YAMADA, [['契約書.pdf', executed]], [KENSHO, GATEWAY_ADDRESS]);
    await world.next(YAMADA, /^【受け付けていません】/);
  });

  it('answers nobody who is not proven, and no automatic mail', async () => {
    const letter = (from: string, headers: readonly string[]): string =>
      [
        ...headers,
        `From: ${from}`,
        `To: ${KENSHO}`,
        `Subject: x`,
        `Message-ID: <${Math.random()}@else.example.jp>`,
        '',
        'x',
      ].join('\r\n');
    const envelope = { from: 'a@else.example.jp', to: KENSHO, via: '127.0.0.2' };
    await world.mailRaw(letter('a@else.example.jp', []), envelope);
    await world.logged(/"status":"quarantined"/);
    await world.mailRaw(letter('a@else.example.jp', [PASSED, 'Auto-Submitted: auto-replied']), envelope);
    await world.logged(/"status":"ignored".*automatic/);
    await world.mailRaw(letter('a@else.example.jp', [PASSED]), envelope);
    await world.next({ name: '', address: 'a@else.example.jp' }, /^【文書の確認】/);
  });

  it('answers one sender only so often in a day', async () => {
    const often: Writer = { name: '再三', address: 'often@else.example.jp' };
    for (let count = 1; count <= PER_DAY; count++) await answered(often, []);
    await asked(often, []);
    await world.logged(/"status":"refused".*verified often enough today/);
  });

  /** A file signed with the test authority's own key in a field named as ours, but not by the gateway. */
  async function counterfeit(): Promise<Buffer> {
    const authority = await openTestAuthority(join(world.config.dataDirectory, 'test-authority'));
    try {
      const trust = [authority.root];
      const timestampAuthority = httpTimestampAuthority({ url: authority.timestampUrl, trust });
      let file: Buffer = await samplePdf();
      const grow = async (step: Promise<{ bytes: Uint8Array }>): Promise<void> => {
        file = Buffer.concat([file, (await step).bytes]);
      };
      await grow(
        prepare(bytesSource(file), { stamp: '偽', fields: [consentField(1)], fonts: [stampFont()] }),
      );
      await grow(
        seal(bytesSource(file), {
          field: consentField(1),
          credential: authority.credential,
          timestampAuthority,
          reason: 'x',
          location: 'x',
          signingTime: new Date(),
        }),
      );
      await grow(
        conclude(bytesSource(file), {
          timestampAuthority,
          revocation: httpRevocationProvider({ trust }),
          trust,
        }),
      );
      return file;
    } finally {
      await authority.close();
    }
  }
});
