/** After a question: what was sent, who answers, and the way back to the procedure. */
import { sampleBase, sampleTitle } from '../sample.ts';
import { html } from './html.ts';
import { FIELDS } from './other-ways.ts';
import { outcomePage } from './outcome.ts';
import type { PageBase } from './shell.ts';

export interface QuestionSentPageParams extends PageBase {
  base: string;
  title: string;
  question: string;
  /** Where the answer goes. */
  address: string;
}

export function questionSentPage(params: QuestionSentPageParams): string {
  return outcomePage(
    { ...params, script: true },
    '質問をお送りしました',
    html`<p>${params.municipality}の担当職員にメールでお送りしました。お返事は、担当職員から${params.address}へお送りします。</p>
<p>手続きは進んでも終わってもいません。期限も変わりません。</p>
<h2>お送りした質問</h2>
<p class="written" data-arrived="${FIELDS.question.id}">${params.question}</p>
<p class="way-back"><a class="secondary" href="${params.base}">手続きの画面に戻る</a></p>`,
  );
}

export const questionSentPageSample: QuestionSentPageParams = {
  ...sampleBase,
  base: '/c/abcdefghijklmnopqrstuvwxyz',
  title: sampleTitle,
  question: '設計書の3ページの数量について教えてください。\n（2行目）',
  address: 'yamada@sample.example.jp',
};
