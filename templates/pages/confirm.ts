/** The confirmation as a page of its own: without JavaScript, and where boxes were filled in (R28). */
import { faultSummary } from './boxes.ts';
import { boundTo, type Confirmation, confirmation } from './confirmation.ts';
import { type ConsentPageParams, consentPageSample } from './consent.ts';
import { html } from './html.ts';
import { roleWords } from './role-words.ts';
import { page } from './shell.ts';
import { statementFaults, statementInputs } from './statements.ts';

export type ConfirmPageParams = Confirmation;

export function confirmPage(params: ConfirmPageParams): string {
  const { base, hidden, statements } = params;
  return page({
    ...params,
    title: `同意の確認：${params.title}`,
    script: true,
    main: html`${faultSummary([], [], statementFaults(statements))}
<section class="card">
<h1>同意の確認</h1>
<p class="subject">${params.title}</p>
${confirmation(params)}
${statementInputs(statements, params.participant)}
<form id="act" method="post" action="${base}/consent" data-once>
${boundTo(params)}${hidden.map(({ name, value }) => html`<input type="hidden" name="${name}" value="${value}">\n`)}<button class="primary" type="submit">${roleWords(params.role).complete}</button>
${hidden.length > 0 && html`<button class="secondary" type="submit" formaction="${base}/edit">戻って直す</button>\n`}</form>
${hidden.length === 0 && html`<p class="way-back"><a class="secondary" href="${base}">戻って確認する</a></p>\n`}
</section>`,
  });
}

export const confirmPageSample: ConfirmPageParams = {
  ...(consentPageSample satisfies ConsentPageParams),
  statements: { identity: true, declaration: true, incomplete: false, factor: null },
};
