/** The confirmation as a page of its own, for browsers without JavaScript (R28). */
import { type Confirmation, confirmation } from './confirmation.ts';
import { type ConsentPageParams, consentPageSample } from './consent.ts';
import { html } from './html.ts';
import { page } from './shell.ts';

export type ConfirmPageParams = Confirmation;

export function confirmPage(params: ConfirmPageParams): string {
  return page({
    ...params,
    title: `同意の確認：${params.title}`,
    script: true,
    main: html`<section class="card">
<h1>同意の確認</h1>
<p class="subject">${params.title}</p>
${confirmation(params)}
${params.hidden.length === 0 && html`<p class="way-back"><a class="secondary" href="${params.base}">戻って確認する</a></p>\n`}
</section>`,
  });
}

export const confirmPageSample: ConfirmPageParams = consentPageSample satisfies ConsentPageParams;
