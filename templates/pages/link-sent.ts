/** After 「新しいリンクを送る」: that a mail is on its way, and to whom as far as a stranger may know (R36). */
import { sampleBase, sampleTitle } from '../sample.ts';
import { html } from './html.ts';
import { outcomePage } from './outcome.ts';
import type { PageBase } from './shell.ts';

export interface LinkSentPageParams extends PageBase {
  title: string;
  /** What the new link leads to. */
  link: 'consent' | 'download';
  /** Address that the mail goes to, masked. */
  maskedAddress: string;
}

export function linkSentPage(params: LinkSentPageParams): string {
  return outcomePage(
    params,
    '新しいリンクを送りました',
    html`<p>登録のアドレス（${params.maskedAddress}）へ、新しいURLをメールでお送りします。</p>
${params.link === 'consent' && html`<p>先にお送りしたURLは使えなくなりました。いちばん新しいメールのURLを開いてください。</p>\n`}<p>数分待っても届かないときは、迷惑メールのフォルダーを確かめるか、下の窓口へご連絡ください。</p>`,
  );
}

/** y***@sample.example.jp: enough for the holder to know it by, nothing for anyone else to write to. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${[...address][0] ?? ''}***${address.slice(at)}`;
}

export const linkSentPageSample: LinkSentPageParams = {
  ...sampleBase,
  title: sampleTitle,
  link: 'consent',
  maskedAddress: 'y***@sample.example.jp',
};
