/** What the people of a scenario do again and again, each act ending with the mail that answers it. */
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import { agreedIn, consentByLink, type Writer } from '../../demo/people.ts';
import { CONTRACT_MAIL, type NamedPdf, SATO, SUZUKI, type World, YAMADA } from './world.ts';

export interface ContractMailChanges {
  /** Lines added to the sample's, or put in place of those with the same label. */
  readonly lines?: readonly string[];
  readonly pdf?: Uint8Array | readonly NamedPdf[];
}

/** The sample's contract mail under a title of its own, so that scenarios can share a world. */
export function contractMail(title: string, lines: readonly string[] = []): string {
  const labelOf = (line: string): string => line.split('：')[0]!;
  const replaced = [`契約件名：${title}`, ...lines];
  const kept = CONTRACT_MAIL.split('\n').filter(
    (line) => !replaced.some((other) => labelOf(other) === labelOf(line)),
  );
  return [...replaced, ...kept].join('\n');
}

/** 佐藤 mails a contract in; resolves to its receipt. */
export async function drafted(
  world: World,
  title: string,
  { lines = [], pdf }: ContractMailChanges = {},
): Promise<ReceivedMail> {
  await world.mailContract({ text: contractMail(title, lines), ...(pdf === undefined ? {} : { pdf }) });
  return world.next(SATO, new RegExp(`受付.* ${title}$`));
}

/** … and releases it; resolves to the request that `first` is sent. */
export async function requested(
  world: World,
  title: string,
  changes: ContractMailChanges = {},
  first: Writer = YAMADA,
): Promise<ReceivedMail> {
  const receipt = await drafted(world, title, changes);
  await world.reply(SATO, receipt, '依頼');
  return world.next(first, new RegExp(`より${title}(への署名依頼|の内容確認のお願い)が届いています$`));
}

/** … and 山田 consents; resolves to both requests. */
export async function approvalAsked(
  world: World,
  title: string,
  changes: ContractMailChanges = {},
): Promise<{ request: ReceivedMail; approval: ReceivedMail }> {
  const request = await requested(world, title, changes);
  await consentByLink(request);
  return { request, approval: await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`)) };
}

/** The completion mail about this contract; its subject does not say which. */
export async function completion(world: World, who: Writer, title: string): Promise<ReceivedMail> {
  for (;;) {
    const mail = await world.next(who, /^電子署名完了のお知らせ$/);
    if (mail.text.includes(title)) return mail;
  }
}

/** Mails to somebody whose subject fits, whether or not a test has read them. */
export function mailsTo(world: World, who: Writer, subject: RegExp): ReceivedMail[] {
  return world.mailboxes.mails.filter((mail) => mail.to === who.address && subject.test(mail.subject));
}

/** The contract with this title as it is stored now. */
export async function contractCalled(
  world: World,
  title: string,
): Promise<Awaited<ReturnType<World['contracts']>>[number]> {
  const found = (await world.contracts()).find((contract) => contract.title === title);
  if (!found) throw new Error(`no contract called ${title}`);
  return found;
}

/** A reply that brings files along; mail clients quote the text but never the attachments. */
export function replyWithFiles(
  world: World,
  from: Writer,
  to: ReceivedMail,
  firstLine: string,
  pdf: readonly NamedPdf[],
): Promise<string> {
  return world.mail({
    from,
    to: to.replyTo,
    subject: `Re: ${to.subject}`,
    text: firstLine,
    pdf,
    inReplyTo: to.messageId,
    references: [...to.references, to.messageId],
  });
}

/** Sends a form as a browser does. */
export function post(url: string, fields: readonly (readonly [string, string])[] = []): Promise<Response> {
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
  return fetch(url, { method: 'POST', body });
}

/** What a vendor's browser holds once the consent page has asked whether to go on. */
export async function agreedShown(url: string): Promise<[string, string][]> {
  return agreedIn(await (await post(`${url}/confirm`)).text());
}
