/** Pages that only say where things stand and what to do: a link that no longer works, a turn that has not come, an outage. */
import { sampleBase } from '../sample.ts';
import { type Html, html } from './html.ts';
import { type PageFrame, page } from './shell.ts';

export type PageState =
  | 'used'
  | 'voided'
  | 'head-changed'
  | 'expired'
  | 'withdrawn'
  | 'declined'
  | 'paper-wished'
  | 'not-your-turn'
  | 'concluding'
  | 'concluded'
  | 'too-late-to-take-back'
  | 'not-approver'
  | 'download-expired'
  | 'too-many-links'
  | 'factor-locked'
  | 'pin-locked'
  | 'too-fast'
  | 'too-large'
  | 'foreign-form'
  | 'staff-network'
  | 'not-found'
  | 'busy'
  | 'error';

export interface StatePageParams extends PageFrame {
  state: PageState;
  /** The contract's title where the reader may know it. */
  title: string | null;
  /** Path of the form that has a fresh link sent, where one can be asked for. */
  freshLink: string | null;
}

const ASK = 'ご不明な点は、下の窓口へお問い合わせください。';

const LOST_MAIL =
  'メールが見当たらないときは、「新しいリンクを送る」を押してください。登録のアドレスへ新しいURLをお送りします。';

interface Words {
  heading: string;
  sentences: readonly string[];
  /** Instead of the last sentence where a fresh link can be asked for. */
  offered?: string;
  /** What the link asked for is done, or cannot be done any more. */
  ended?: true;
}

const PAGES: Record<PageState, Words> = {
  used: {
    heading: 'お手続きは済んでいます',
    ended: true,
    sentences: ['このURLでの手続きは、すでに完了しています。していただくことはありません。'],
  },
  voided: {
    heading: 'このURLは新しいものに替わりました',
    ended: true,
    sentences: [
      'あとからお送りしたメールのURLを開いてください。',
      'メールが見当たらないときは、下の窓口へご連絡ください。',
    ],
    offered: LOST_MAIL,
  },
  'head-changed': {
    heading: '文書が新しくなりました',
    sentences: [
      '画面を開いたあとに文書が変わったため、同意はまだ行われていません。',
      'メールのURLをもう一度開き、新しい文書を確認してください。',
    ],
  },
  expired: {
    heading: '期限が過ぎました',
    ended: true,
    sentences: [
      '期限までに手続きが終わらなかったため、契約は成立していません。',
      'あらためて手続きが必要なときは、下の「契約の内容」の窓口へご連絡ください。',
    ],
  },
  withdrawn: {
    heading: '依頼は取り消されました',
    ended: true,
    sentences: [
      'この署名依頼は取り消されました。契約は成立していません。していただくことはありません。',
      ASK,
    ],
  },
  declined: {
    heading: '手続きは終了しました',
    ended: true,
    sentences: ['関係者の同意が得られず、手続きは終わりました。契約は成立していません。', ASK],
  },
  'paper-wished': {
    heading: '手続きは終了しました',
    ended: true,
    sentences: ['紙の契約のご希望により、電子契約の手続きは終わりました。契約は成立していません。', ASK],
  },
  'not-your-turn': {
    heading: 'まだ順番ではありません',
    sentences: ['ほかの方の手続きを待っています。順番が来ましたら、メールでお願いします。'],
  },
  concluding: {
    heading: '仕上げの処理をしています',
    ended: true,
    sentences: [
      '全員の同意がそろいました。仕上げの処理が終わりましたら、「電子署名完了のお知らせ」をメールでお送りします。',
    ],
  },
  concluded: {
    heading: '契約は締結されています',
    ended: true,
    sentences: [
      'すべての手続きが完了しています。文書は、「電子署名完了のお知らせ」のメールからダウンロードしてください。',
      'メールが見当たらないときは、下の窓口へご連絡ください。',
    ],
    offered: LOST_MAIL,
  },
  'too-late-to-take-back': {
    heading: '同意を取り消せません',
    ended: true,
    sentences: [
      '次の方が同意したため、取り消せなくなりました。',
      '事情は、下の「契約の内容」の窓口へご相談ください。',
    ],
  },
  'download-expired': {
    heading: 'ダウンロードの有効期間が過ぎました',
    sentences: [
      '契約は有効です。文書は失われていません。',
      '「新しいリンクを送る」を押すと、登録のアドレスへ新しいURLをお送りします。',
    ],
  },
  'not-approver': {
    heading: '承認できる職員の一覧にありません',
    sentences: [
      '承認は行われていません。承認のできる職員の一覧に、このアドレスがないためです。',
      '人事異動などで変わったときは、下の「操作」の窓口へご連絡ください。',
    ],
  },
  'too-many-links': {
    heading: '本日はこれ以上お送りできません',
    sentences: [
      '新しいURLは、登録のアドレスへすでにお送りしています。届いたメールをご確認ください。',
      '見当たらないときは、下の窓口へご連絡ください。',
    ],
  },
  'factor-locked': {
    heading: 'しばらく入力できません',
    sentences: [
      'アクセスコードの間違いが続いたため、受け付けを止めています。同意はまだ行われていません。',
      'しばらく待ってから、メールのURLをもう一度開いてください。分からないときは、下の「契約の内容」の窓口へお電話ください。',
    ],
  },
  'pin-locked': {
    heading: 'しばらく入力できません',
    sentences: [
      '署名用暗証番号の間違いが続いたため、受け付けを止めています。同意はまだ行われていません。',
      'しばらく待ってから、メールのURLをもう一度開いてください。暗証番号を忘れたときは、下の「契約の内容」の窓口へお電話ください。',
    ],
  },
  'too-fast': {
    heading: '操作が続きすぎています',
    sentences: ['短い時間に操作が重なったため、受け付けていません。数分待ってから、もう一度お試しください。'],
  },
  'too-large': {
    heading: '送られた内容が大きすぎます',
    sentences: [
      '内容が大きすぎるため、受け付けていません。何も記録していません。',
      'ブラウザーの「戻る」で前の画面に戻り、文章を短くしてから、もう一度お試しください。',
    ],
  },
  'foreign-form': {
    heading: 'この操作は受け付けていません',
    sentences: [
      '別のサイトの画面から送られた操作のため、受け付けていません。何も記録していません。',
      'お手続きは、メールのURLを開いて行ってください。',
    ],
  },
  'staff-network': {
    heading: '庁内のネットワークから開いてください',
    sentences: [
      '職員の手続きは、自治体が定めたネットワークの中だけで行えます。いまの接続先からは開けません。',
      '庁内の端末でメールのURLを開くか、依頼のメールに返信して手続きしてください。',
    ],
  },
  'not-found': {
    heading: 'ページが見つかりません',
    sentences: [
      'URLが途中で切れているか、間違っています。',
      'メールのURLを、最後の文字までそのまま開いてください。それでも開けないときは、メールに書かれた窓口へお問い合わせください。',
    ],
  },
  busy: {
    heading: 'ただいま処理をしています',
    sentences: ['数分待ってから、画面を読み込み直してください。'],
  },
  error: {
    heading: '処理できませんでした',
    sentences: [
      '申し訳ございません。こちらの不具合により、処理できませんでした。',
      'しばらく待ってから、メールのURLをもう一度開いてください。続くときは、メールに書かれた窓口へお問い合わせください。',
    ],
  },
};

export function statePage(params: StatePageParams): string {
  const { heading, sentences, offered, ended = false } = PAGES[params.state];
  const said =
    params.freshLink === null || offered === undefined ? sentences : [...sentences.slice(0, -1), offered];
  return page({
    ...params,
    title: heading,
    ended,
    main: html`<section class="card">
<h1>${heading}</h1>
${params.title !== null && html`<p class="subject">${params.title}</p>`}
${said.map((sentence) => html`<p>${sentence}</p>\n`)}${params.freshLink !== null && freshLinkForm(params.freshLink)}</section>`,
  });
}

function freshLinkForm(action: string): Html {
  return html`<form method="post" action="${action}">
<button class="primary" type="submit">新しいリンクを送る</button>
<p class="hint">新しいURLは、この契約に登録されたメールアドレスだけにお送りします。</p>
</form>
`;
}

/** Every state there is. */
export const PAGE_STATES = Object.keys(PAGES) as readonly PageState[];

export const statePageSample: StatePageParams = {
  ...sampleBase,
  state: 'expired',
  title: '市道1号線舗装工事',
  freshLink: null,
};
