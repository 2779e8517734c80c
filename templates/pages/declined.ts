/** After a refusal: it is recorded and the initiator will hear of it (R29). */
import { sampleBase, sampleTitle } from '../sample.ts';
import { html } from './html.ts';
import type { ConsentRole } from './role-words.ts';
import { type PageBase, page } from './shell.ts';

export interface DeclinedPageParams extends PageBase {
  role: ConsentRole;
  title: string;
}

export function declinedPage(params: DeclinedPageParams): string {
  const word = params.role === 'approver' ? '差し戻しました' : '却下しました';
  return page({
    ...params,
    title: `${word}：${params.title}`,
    main: html`<section class="card">
<h1>${word}</h1>
<p class="subject">${params.title}</p>
<p>同意は行われていません。契約は成立していません。</p>
<p>${params.municipality}の担当職員にメールで知らせました。このあとのことは、担当職員からご連絡します。この画面は閉じて構いません。</p>
</section>`,
  });
}

export const declinedPageSample: DeclinedPageParams = {
  ...sampleBase,
  role: 'signatory',
  title: sampleTitle,
};
