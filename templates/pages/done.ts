/** After a consent: what was agreed, with digests, what happens next, and the way back while there is one (R29, R59). */
import { fullDateTime, type When } from '../format.ts';
import { sampleBase, sampleDocuments, sampleSignatory, sampleTitle } from '../sample.ts';
import { type DocumentFacts, type FilledFact, type Person, personWithAddress } from '../words.ts';
import { filledList } from './boxes.ts';
import { type Html, html } from './html.ts';
import { question, type WritingLimits, type Written, writtenSummary } from './other-ways.ts';
import { type ProgressStep, progressSection } from './progress.ts';
import { type ConsentRole, roleWords } from './role-words.ts';
import { type PageBase, page } from './shell.ts';

export interface DonePageParams extends PageBase {
  base: string;
  role: ConsentRole;
  participant: Person;
  title: string;
  consentedAt: When;
  /** With the digests the consent was given for. */
  documents: readonly DocumentFacts[];
  /** What was put into the documents with this consent. */
  filled: readonly FilledFact[];
  /** True when no further consent follows. */
  isLast: boolean;
  canTakeBack: boolean;
  /** All steps, or none where the municipality shows nothing of the others. */
  progress: readonly ProgressStep[];
  /** What could not be taken from the question's form. */
  written: Written | null;
  limits: WritingLimits;
}

export function donePage(params: DonePageParams): string {
  const next = params.isLast
    ? '全員の同意がそろいました。仕上げの処理が終わりましたら、「電子署名完了のお知らせ」をメールでお送りします。'
    : 'このあと、次の方へ手続きをお願いします。すべて終わりましたら、「電子署名完了のお知らせ」をメールでお送りします。';
  return page({
    ...params,
    title: `同意を記録しました：${params.title}`,
    ended: true,
    main: html`${writtenSummary(params)}
<section class="card">
<h1>${roleWords(params.role).act}の手続きが完了しました</h1>
<p class="subject">${params.title}</p>
<p>同意を記録しました。この画面は閉じて構いません。記録の控えをメールでもお送りします。</p>
<p>${next}</p>
<dl>
<div><dt>同意した方</dt><dd>${personWithAddress(params.participant)}</dd></div>
<div><dt>日時</dt><dd>${fullDateTime(params.consentedAt)}</dd></div>
</dl>
<h2>同意した文書</h2>
<ol class="digests">
${params.documents.map(({ title, pages, sha256 }) => html`<li>${title}（${pages}枚）<br><span class="digest-label">SHA-256</span> <code>${sha256}</code></li>\n`)}</ol>
<p class="hint">SHA-256は、文書の内容から計算した値です。内容が少しでも変わると、違う値になります。</p>
${params.filled.length > 0 && html`<h2>記入した内容</h2>\n${filledList(params.filled, params.documents)}\n`}${progressSection(params.progress, params.municipality)}
${params.canTakeBack && takeBack(params)}
${question(params)}
</section>`,
  });
}

function takeBack(params: DonePageParams): Html {
  return html`<details class="refusal">
<summary>同意を取り消す</summary>
<form method="post" action="${params.base}/takeback" data-once>
<p>次の方が同意するまでは、この画面でも、メールのURLを開き直しても、取り消すことができます。取り消すと、同意する前の状態に戻ります。</p>
<button class="danger" type="submit">同意を取り消す</button>
</form>
</details>`;
}

export const donePageSample: DonePageParams = {
  ...sampleBase,
  base: '/c/abcdefghijklmnopqrstuvwxyz',
  role: 'signatory',
  participant: sampleSignatory,
  title: sampleTitle,
  consentedAt: '2026-11-28T01:15:00Z',
  documents: sampleDocuments,
  filled: [],
  isLast: false,
  canTakeBack: true,
  progress: [],
  written: null,
  limits: { decline: 1000, question: 2000 },
};
