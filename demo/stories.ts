/** What people do in the demonstration, one function per story: each act is a mail or a page, and its answer is waited for. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { linkIn, type Mailboxes, type ReceivedMail } from './mailboxes.ts';
import {
  confirmByLink,
  consentByLink,
  GATEWAY_ADDRESS,
  HANAKO,
  mailIn,
  type NewMail,
  reply,
  SATO,
  SUZUKI,
  type Writer,
  YAMADA,
} from './people.ts';

export interface Stage {
  readonly smtpPort: number;
  readonly mailboxes: Mailboxes;
  /** Tells what has just happened. */
  step(line: string): void;
}

type Letter = Pick<NewMail, 'subject' | 'text' | 'attachments'>;

/** Thrown with the gateway's answer where it does not take a contract. */
export class NotTaken extends Error {}

/** Whom the register knows presses 「受信を確認する」: before that no contract leaves for them (R11). */
export async function confirmed(stage: Stage): Promise<void> {
  for (const vendor of [YAMADA, HANAKO]) {
    const { status } = await confirmByLink(await arrived(stage, vendor, /登録確認のお願いが届いています/));
    stage.step(`${vendor.name} opens the page and presses 「受信を確認する」 (HTTP ${status}).`);
  }
}

/** Vendor by link, then municipality by reply; with PDFs of one's own (paths) in place of the sample's. */
export async function worksContract(stage: Stage, ownPdfs?: readonly string[]): Promise<void> {
  await released(stage, await worksContractLetter(ownPdfs));
  await consents(stage, YAMADA);
  await approves(stage);
  await completed(stage, [SATO, YAMADA, SUZUKI]);
}

/** 請書: the vendor alone consents (R16). */
export async function acknowledgement(stage: Stage): Promise<void> {
  await released(stage, await letter('道路照明灯修繕の請書について', 'ukesho-mail.txt', ['ukesho.pdf']));
  await consents(stage, HANAKO);
  await completed(stage, [SATO, HANAKO]);
}

/** Three documents, and a joint venture's two members one after the other before the municipality (R20b). */
export async function jointVenture(stage: Stage): Promise<void> {
  const files = ['keiyakusho.pdf', 'kinnuki-sekkeisho.pdf', 'tokki-shiyosho.pdf'];
  await released(stage, await letter('共同企業体の契約について', 'joint-venture-mail.txt', files));
  await consents(stage, HANAKO);
  await consents(stage, YAMADA);
  await approves(stage);
  await completed(stage, [SATO, HANAKO, YAMADA, SUZUKI]);
}

/** The mail the first story begins with; also what the web mailboxes offer to start from. */
export async function worksContractLetter(ownPdfs?: readonly string[]): Promise<Letter> {
  const subject = '市道1号線舗装工事の契約について';
  if (!ownPdfs) return letter(subject, 'contract-mail.txt', ['keiyakusho.pdf']);
  const { text } = await letter(subject, 'contract-mail.txt', []);
  // The sample's own file gets its proper name; a file of yours keeps the name it has.
  return {
    subject,
    text: text.replace(/^文書1.*\n/m, ''),
    attachments: await Promise.all(ownPdfs.map(file)),
  };
}

async function letter(subject: string, textFile: string, pdfs: readonly string[]): Promise<Letter> {
  return {
    subject,
    text: await readFile(join(import.meta.dirname, textFile), 'utf8'),
    attachments: await Promise.all(pdfs.map((pdf) => file(join(import.meta.dirname, 'contract', pdf)))),
  };
}

async function file(path: string): Promise<{ filename: string; content: Buffer }> {
  return { filename: basename(path), content: await readFile(path) };
}

/** 佐藤 mails a contract in and says 「依頼」 to its receipt. */
async function released(stage: Stage, mail: Letter): Promise<void> {
  const answer = await mailIn(stage.smtpPort, { ...mail, from: SATO, to: GATEWAY_ADDRESS });
  stage.step(`${SATO.name} mails the contract in; the gateway answers ${answer}`);
  const receipt = await arrived(stage, SATO, /受付|受け付けていません/);
  if (/受け付けていません/.test(receipt.subject)) throw new NotTaken(receipt.text);
  const word = /「依頼 確認済」/.test(receipt.text) ? '依頼 確認済' : '依頼';
  await reply(stage.smtpPort, SATO, receipt, word);
  stage.step(`${SATO.name} replies 「${word}」.`);
  await arrived(stage, SATO, /に送ります/);
}

async function consents(stage: Stage, vendor: Writer): Promise<void> {
  const request = await arrived(stage, vendor, /署名依頼が届いています/);
  const { status } = await consentByLink(request);
  stage.step(
    `${vendor.name} opens ${new URL(linkIn(request)).origin}/c/…, reads, presses 「署名手続きを完了する」 (HTTP ${status}).`,
  );
  await arrived(stage, vendor, /同意を記録しました/);
}

async function approves(stage: Stage): Promise<void> {
  await reply(stage.smtpPort, SUZUKI, await arrived(stage, SUZUKI, /承認のお願い/), '承認');
  stage.step(`${SUZUKI.name} replies 「承認」.`);
}

async function completed(stage: Stage, everybody: readonly Writer[]): Promise<void> {
  for (const who of everybody) await arrived(stage, who, /電子署名完了のお知らせ/);
}

async function arrived({ mailboxes, step }: Stage, who: Writer, subject: RegExp): Promise<ReceivedMail> {
  const mail = await mailboxes.next(who.address, subject);
  step(`Mail to ${who.address}: ${mail.subject}`);
  return mail;
}
