/** A municipality that signs its mails, and a clerk whose mail program signs too: a contract on its way, by S/MIME alone (RFC 8551). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import type { Writer } from '../../demo/people.ts';
import { showStatus } from '../../gateway/cli/status.ts';
import { temporaryFolder } from '../support/folder.ts';
import { issueMailPki } from '../support/mail-certificates.ts';
import { keyPemOf, pemOf } from '../support/pki.ts';
import { judgedByOpenssl, madeByOpenssl } from '../support/smime-openssl.ts';
import { createWorld, GATEWAY_ADDRESS, SATO, type World, YAMADA } from '../support/world.ts';

describe('mails with S/MIME on both sides', () => {
  const folder = temporaryFolder();
  const { root, authority, signer } = issueMailPki(GATEWAY_ADDRESS);
  const clerk = issueMailPki(SATO.address).signer();
  let world: World;
  afterEach(() => world.close());

  /** The clerk's answer, as their program signs or encrypts it. */
  function answer(to: ReceivedMail, word: string, act: '-sign' | '-encrypt', ...how: readonly string[]) {
    return answerOf(SATO, to, word, act, ...how);
  }
  function answerOf(
    { address }: Writer,
    to: ReceivedMail,
    word: string,
    act: '-sign' | '-encrypt',
    ...how: readonly string[]
  ) {
    const part = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(`${word}\r\n`).toString('base64')}\r\n`;
    const fields = ['-from', address, '-to', to.replyTo, '-subject', `RE: ${word.length}`];
    const thread = Buffer.from(`In-Reply-To: ${to.messageId}\nReferences: ${to.messageId}\n`);
    const raw = Buffer.concat([thread, madeByOpenssl(act, part, clerk, ...how, ...fields)]);
    return world.mailRaw(raw, {
      from: address,
      to: to.replyTo,
    });
  }
  const holds = ({ raw }: ReceivedMail) => {
    const { holds, words } = judgedByOpenssl(raw, root, GATEWAY_ADDRESS);
    expect(holds, words).to.equal(true);
  };

  it('are read, signed inside or beside the text; what is encrypted is answered with what to do', async () => {
    const written = (name: string, content: string): string => {
      writeFileSync(join(folder(), name), content);
      return join(folder(), name);
    };
    const own = signer();
    const smime = {
      type: 'pem',
      keyFile: written('mail.key', keyPemOf(own)),
      certificatesFile: written('mail.pem', pemOf(own, authority)),
    };
    world = await createWorld({ env: { KEIYAKUBIN_MUNICIPALITIES__0__SMIME: JSON.stringify(smime) } });
    await world.start();

    await world.mailContract();
    const receipt = await world.next(SATO, /^【まだ送っていません】/);
    holds(receipt);
    expect(receipt.attachments.map(({ fileName }) => fileName)).to.deep.equal(['smime.p7s']);

    const why = '「smime.p7m」が、S/MIMEで暗号化されているか';
    await answer(receipt, '依頼', '-encrypt');
    const refused = await world.next(SATO, /^【お受けできません】受付\d{4}-0001 /);
    holds(refused);
    expect(refused.text).to.include(why).and.include('契約の状態は変わっていません');
    await answer({ ...receipt, replyTo: GATEWAY_ADDRESS }, '契約書', '-encrypt');
    expect((await world.next(SATO, /^【受け付けていません】/)).text).to.include(why);
    await answer({ ...receipt, replyTo: 'touroku@mihon.example.jp' }, '一覧', '-encrypt');
    expect((await world.next(SATO, /登録/)).text).to.include('メール（「smime.p7m」）がS/MIMEで暗号化');
    expect((await world.contracts()).map(({ state }) => state)).to.deep.equal(['draft']);

    await answer(receipt, '状況', '-sign');
    holds(await world.next(SATO, /^【状況】/));
    await answer(receipt, '依頼', '-sign', '-nodetach');
    const request = await world.next(YAMADA, /署名依頼が届いています$/);
    holds(request);
    expect(request.text).to.match(/^http:\/\/127\.0\.0\.1:\d+\/c\//m);

    await answerOf(YAMADA, request, '数量について教えてください。', '-encrypt');
    const told = await world.next(SATO, /^【相手方からの返信】/);
    expect(told.text).to.include('暗号化（S/MIME）されていて読み取れません。').and.include(YAMADA.address);

    await answerOf(YAMADA, request, '数量は足りています。', '-sign');
    const read = await world.next(SATO, /^【相手方からの返信】/);
    expect(read.text).to.include('> 数量は足りています。').and.not.include('添付ファイル');
    expect(read.attachments, 'the signature of our own mail alone').to.have.length(1);

    const lines: string[] = [];
    const io = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
    await showStatus({ config: world.config, json: false, now: new Date() }, io);
    const certificates = lines.filter((line) => line.includes('証明書：'));
    expect(certificates.map((line) => line.split('　')[0])).to.have.members([
      '署名の証明書：試験用のほかはありません。',
      'メールの署名の証明書：見本市 電子契約',
      'メールの署名の証明書：メール試験中間局',
    ]);
  });
});
