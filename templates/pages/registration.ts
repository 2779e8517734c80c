/** /r/{secret}: 「受信を確認する」 with what is accepted by it, and where such a link stands (R7, R7b, R11). */
import { DECLARATION_VERSION, ELECTRONIC_MEANS } from '../declaration.ja.ts';
import { sampleBase, sampleSignatory } from '../sample.ts';
import { worded } from '../wording.ts';
import { type Person, personWithHonorific } from '../words.ts';
import { acceptanceFaults, acceptances, type Ticks } from './acceptances.ts';
import { faultSummary } from './boxes.ts';
import { type Html, html } from './html.ts';
import { type PageBase, page } from './shell.ts';
import { type PinFields, pinFault, pinFields } from './signing-pin.ts';

export interface RegistrationPageParams extends PageBase {
  /** Path of the page, e.g. /r/SECRET. */
  base: string;
  person: Person;
  receiptNumber: string;
  /** 契約件名; null where the registration stands for all contracts. */
  title: string | null;
  ticked: Ticks;
  /** Posted without both boxes ticked. */
  incomplete: boolean;
  pin: PinFields;
}

export function registrationPage(params: RegistrationPageParams): string {
  return page({
    ...params,
    title: 'メールアドレスの登録確認',
    script: true,
    privacy: true,
    main: html`${faults(params)}
<section class="card">
<h1>メールアドレスの登録確認</h1>
<p>${personWithHonorific(params.person)}</p>
<p>${params.municipality}の電子契約に使うアドレスとして、次のとおりご登録いただいています。</p>
<ul class="assurances">
<li><strong>受信を確認しただけでは契約になりません。</strong></li>
<li>${worded('assurance', { municipality: params.municipality, wording: params.face?.wording })}</li>
</ul>
${facts(params)}
<h2>電子契約についての説明（${DECLARATION_VERSION}版）</h2>
<ul>
${ELECTRONIC_MEANS.map((sentence) => html`<li>${sentence}</li>\n`)}</ul>
<form method="post" action="${params.base}/confirm" data-once>
${acceptances(params.ticked, params.incomplete)}
${pinFields(params.pin)}
<button class="primary" type="submit">受信を確認する</button>
</form>
<p class="hint">お心当たりのないときは、何も押さずに、この画面を閉じてください。</p>
</section>`,
  });
}

function faults({ ticked, incomplete, pin }: RegistrationPageParams): Html | null {
  return faultSummary(
    [],
    [],
    [...(incomplete ? acceptanceFaults(ticked) : []), ...pinFault(pin)],
    '確認はまだ済んでいません。次の項目をご確認ください。',
  );
}

function facts({ person, receiptNumber, title }: RegistrationPageParams): Html {
  const pairs = [
    ['整理番号', receiptNumber],
    ...(title === null ? [] : [['契約件名', title]]),
    ['メールアドレス', person.address],
  ] as const;
  return html`<dl>
${pairs.map(([label, value]) => html`<div><dt>${label!}</dt><dd>${value!}</dd></div>\n`)}</dl>`;
}

export type RegistrationState =
  | 'confirmed'
  | 'already'
  | 'ended'
  | 'link-expired'
  | 'link-sent'
  | 'too-many-links'
  | 'wish-electronic'
  | 'wish-paper'
  | 'wish-answered';

const STATES: Record<RegistrationState, { heading: string; sentences: readonly string[] }> = {
  confirmed: {
    heading: '受信を確認しました',
    sentences: [
      'ありがとうございました。このアドレスを電子契約に使えるようになりました。',
      '契約書の準備ができましたら、署名のお願いをメールでお送りします。この画面は閉じて構いません。',
    ],
  },
  already: {
    heading: '受信の確認は済んでいます',
    sentences: ['このアドレスの確認は、すでに済んでいます。していただくことはありません。'],
  },
  ended: {
    heading: 'この登録は使われていません',
    sentences: [
      '登録が取り下げられたか、新しい登録に替わりました。していただくことはありません。',
      'お心当たりのないときは、下の「契約の内容」の窓口へお問い合わせください。',
    ],
  },
  'link-expired': {
    heading: 'URLの期限が過ぎました',
    sentences: ['「新しいURLを送る」を押すと、登録のアドレスへ新しいURLをお送りします。'],
  },
  'link-sent': {
    heading: '新しいURLを送りました',
    sentences: [
      '登録のアドレスへ、新しいURLをメールでお送りします。',
      '数分待っても届かないときは、迷惑メールのフォルダーを確かめるか、下の窓口へご連絡ください。',
    ],
  },
  'too-many-links': {
    heading: '本日はこれ以上お送りできません',
    sentences: [
      '新しいURLは、登録のアドレスへすでにお送りしています。届いたメールをご確認ください。',
      '見当たらないときは、下の窓口へご連絡ください。',
    ],
  },
  'wish-electronic': {
    heading: '「電子契約」と承りました',
    sentences: [
      'ありがとうございました。担当職員に知らせました。契約書の準備ができましたら、メールでお知らせします。',
    ],
  },
  'wish-paper': {
    heading: '「紙の契約」と承りました',
    sentences: [
      'ありがとうございました。担当職員に知らせました。このあとのことは、担当職員からご連絡します。',
    ],
  },
  'wish-answered': {
    heading: 'お返事はすでに承っています',
    sentences: ['お考えが変わったときは、下の「契約の内容」の窓口へご連絡ください。'],
  },
};

/** Every state there is. */
export const REGISTRATION_STATES = Object.keys(STATES) as readonly RegistrationState[];

export interface RegistrationStatePageParams extends PageBase {
  state: RegistrationState;
  /** Path of the form that has a fresh link sent; null where none can be asked for. */
  freshLink: string | null;
}

export function registrationStatePage(params: RegistrationStatePageParams): string {
  const { heading, sentences } = STATES[params.state];
  return page({
    ...params,
    title: heading,
    main: html`<section class="card">
<h1>${heading}</h1>
${sentences.map((sentence) => html`<p>${sentence}</p>\n`)}${params.freshLink !== null && freshLinkForm(params.freshLink)}</section>`,
  });
}

function freshLinkForm(action: string): Html {
  return html`<form method="post" action="${action}">
<button class="primary" type="submit">新しいURLを送る</button>
<p class="hint">新しいURLは、登録のアドレスだけにお送りします。</p>
</form>
`;
}

export interface PreferencePageParams extends PageBase {
  /** Path of the page, e.g. /r/SECRET. */
  base: string;
  person: Person;
  /** 契約件名; null where staff did not name one. */
  title: string | null;
}

export function preferencePage(params: PreferencePageParams): string {
  return page({
    ...params,
    title: '契約方法の希望確認',
    script: true,
    main: html`<section class="card">
<h1>契約方法の希望確認</h1>
<p>${personWithHonorific(params.person)}</p>
${params.title !== null && html`<p class="subject">${params.title}</p>\n`}<p>${params.municipality}との契約を、電子契約と紙の契約のどちらで結ぶか、お選びください。<strong>お返事だけでは契約になりません。</strong></p>
<ul>
<li>電子契約：費用、会員登録、インストールは不要です。収入印紙も要りません。</li>
<li>紙の契約：これまでどおり、契約書に記名押印していただきます。</li>
</ul>
<form method="post" action="${params.base}/wish" data-once>
<button class="primary" type="submit" name="wish" value="electronic">電子契約を希望する</button>
<button class="secondary" type="submit" name="wish" value="paper">紙の契約を希望する</button>
</form>
</section>`,
  });
}

export const registrationPageSample: RegistrationPageParams = {
  ...sampleBase,
  base: '/r/abcdefghijklmnopqrstuvwxyz',
  person: sampleSignatory,
  receiptNumber: '12345',
  title: '市道1号線舗装工事',
  ticked: { electronic: false, deemed: false },
  incomplete: false,
  pin: { required: false, fault: null },
};

export const registrationStatePageSample: RegistrationStatePageParams = {
  ...sampleBase,
  state: 'link-expired',
  freshLink: '/r/abcdefghijklmnopqrstuvwxyz/link',
};

export const preferencePageSample: PreferencePageParams = {
  ...sampleBase,
  base: '/r/abcdefghijklmnopqrstuvwxyz',
  person: sampleSignatory,
  title: '市道1号線舗装工事',
};
