/** Word and Excel files go back as PDFs (R12), whether they come with a contract mail or a reply, and can be sent in as they are then. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import { contractMail, drafted, replyWithFiles } from '../support/acts.ts';
import { buildPdf, onePage } from '../support/pdf-build.ts';
import { createWorld, type NamedPdf, SATO, type World } from '../support/world.ts';

const MADE = Buffer.from(buildPdf(onePage()).bytes);
/** Stands in for LibreOffice: whatever comes, one PDF comes out. */
const STAND_IN = `#!/bin/sh
base64 -d > /job/out/in.pdf <<'PDF'
${MADE.toString('base64')}
PDF
`;
/** As much of an Office file as tells what it is. */
const OFFICE = Buffer.concat([
  Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  Buffer.from('WordDocument', 'utf16le'),
]);
const asOffice = (filename: string): NamedPdf[] => [{ filename, content: OFFICE }];
/** Where the system allows no box there is no PDF either. */
const boxes =
  spawnSync('unshare', ['--map-root-user', '--mount', '--net', '--pid', '--fork', 'true']).status === 0;

describe('a Word or Excel file in the mails of a contract', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keiyakubin-stand-in-'));
  let world: World;
  before(async () => {
    const program = join(folder, 'soffice');
    writeFileSync(program, STAND_IN, { mode: 0o755 });
    world = await createWorld({
      env: { KEIYAKUBIN_MAIL__OFFICE: 'convert', KEIYAKUBIN_MAIL__OFFICE_PROGRAM: program },
    });
    await world.start();
  });
  after(async () => {
    await world.close();
    rmSync(folder, { recursive: true });
  });

  /** The PDFs that came back, as they are to be sent in again. */
  const returned = ({ text, attachments }: ReceivedMail, name: string): NamedPdf[] => {
    expect(attachments.map(({ fileName }) => fileName)).to.deep.equal(boxes ? [name] : []);
    expect(text.includes(`・${name}`)).to.equal(boxes);
    expect(text.includes('全部のページをご確認ください。')).to.equal(boxes);
    return [{ filename: name, content: attachments[0]?.content ?? MADE }];
  };

  it('is refused and comes back as a PDF, in the contract mail and in a reply that adds it', async () => {
    const title = 'ワードで届く工事';
    await world.mail({ text: contractMail(title), pdf: asOffice('契約書.doc') });
    const refused = await world.next(SATO, /^【受け付けていません】/);
    const [pdf] = returned(refused, '契約書.pdf');
    const receipt = await drafted(world, title, { pdf: [pdf!] });

    await replyWithFiles(world, SATO, receipt, '追加', asOffice('設計書.xls'));
    const again = await world.next(SATO, new RegExp(`^【お受けできません】.*${title}$`));
    expect(again.text).to.include('「設計書.xls」はワードまたはエクセルのファイルです。');
    expect(again.text.includes('このPDFを添付して、このメールに返信してください。')).to.equal(boxes);
    await replyWithFiles(world, SATO, again, '', returned(again, '設計書.pdf'));
    const both = await world.next(SATO, new RegExp(`^【まだ送っていません】受付.* ${title}$`));
    expect(both.text).to.include('2 設計書（1枚');
  });

  it('comes back where the contract comes in anew, and takes the place of the document of its name', async () => {
    const title = 'ワードで直す工事';
    await world.reply(SATO, await drafted(world, title), '中止');
    const stopped = await world.next(SATO, new RegExp(`^【中止しました】.*${title}$`));
    await replyWithFiles(world, SATO, stopped, '', asOffice('契約書.doc'));
    const refused = await world.next(SATO, new RegExp(`^【お受けできません】.*${title}$`));
    await replyWithFiles(world, SATO, refused, '', returned(refused, '契約書.pdf'));
    const receipt = await world.next(SATO, new RegExp(`^【まだ送っていません】受付.* ${title}$`));
    expect(receipt.text).to.include('文書1「契約書」を同じファイル名の新しいPDFに差し替えました。');
  });

  it('does not come back where no PDF would be taken either: the contract is on its way', async () => {
    const title = 'ワードが遅れた工事';
    const receipt = await drafted(world, title);
    await world.reply(SATO, receipt, '依頼');
    await world.next(SATO, new RegExp(`^【.*】.*${title}$`));
    await replyWithFiles(world, SATO, receipt, '追加', asOffice('設計書.xls'));
    const refused = await world.next(SATO, new RegExp(`^【お受けできません】.*${title}$`));
    expect(refused.text)
      .to.include('この契約は、すでに「依頼」をいただき、手続きが進んでいます。')
      .and.not.include('設計書.xls');
    expect(refused.attachments).to.deep.equal([]);
  });
});
