/** The consent page: who asks for what, the documents, the checklist, the consent and the refusal (R21 to R29). */
import { type Amount, eraDate, eraDateWithWeekday, money, type When } from '../format.ts';
import {
  sampleBase,
  sampleDocuments,
  sampleInitiator,
  sampleNumber,
  sampleSignatory,
  sampleTitle,
} from '../sample.ts';
import { worded } from '../wording.ts';
import { type Initiator, personWithHonorific, type Term, termWords } from '../words.ts';
import {
  type BoxFault,
  type BoxInput,
  boxesAhead,
  boxInputs,
  boxItems,
  faultSummary,
  filledSection,
} from './boxes.ts';
import { boundTo, type Confirmation, confirmation } from './confirmation.ts';
import { documentsSection } from './documents.ts';
import { type Html, html } from './html.ts';
import { otherWays, type WritingLimits, type Written, writtenSummary } from './other-ways.ts';
import { type ProgressStep, progressSection } from './progress.ts';
import { roleWords } from './role-words.ts';
import { page } from './shell.ts';
import { statementCount, statementFaults, statementInputs, statementItems } from './statements.ts';

export interface ConsentPageParams extends Confirmation {
  initiator: Initiator;
  number: string;
  deadline: When;
  amount: Amount | null;
  plannedDate: When | null;
  term: Term | null;
  /** 決裁番号; shown to the approver only. */
  decisionNumber: string | null;
  /** 伝言 of the initiator. */
  message: string | null;
  /** What the reader is to fill in. */
  boxes: readonly BoxInput[];
  /** What is wrong but with none of these boxes. */
  strayFaults: readonly BoxFault[];
  /** Labels of the boxes that somebody else will fill in after the reader. */
  boxesAhead: readonly string[];
  /** All steps, or none where the municipality shows nothing of the others. */
  progress: readonly ProgressStep[];
  /** What could not be taken from one of the other forms. */
  written: Written | null;
  limits: WritingLimits;
}

export function consentPage(params: ConsentPageParams): string {
  return page({
    ...params,
    title: params.title,
    script: true,
    privacy: true,
    main: html`${faultSummary(params.boxes, params.strayFaults, statementFaults(params.statements))}
${writtenSummary(params)}
${request(params)}
<div class="columns">
${documentsSection(params)}
<div class="aside">
${checklist(params)}
${boxInputs(params.boxes, params.documents)}
${filledSection(params.filled, params.documents)}
${boxesAhead(params.boxesAhead)}
${statementInputs(params.statements, params.participant)}
${facts(params)}
${progressSection(params.progress, params.municipality)}
</div>
</div>
${otherWays(params)}
${actionBar(params)}
${params.boxes.length === 0 && dialog(params)}`,
  });
}

/** What has been filled in is judged before it is shown once more: that takes a page of its own. */
function dialog(params: ConsentPageParams): Html {
  return html`<dialog class="confirm" data-confirm aria-labelledby="confirm-title">
<h2 id="confirm-title" tabindex="-1" autofocus>同意の確認</h2>
${confirmation(params)}
<p><button class="primary" type="submit" form="act" formaction="${params.base}/consent" data-final>${roleWords(params.role).complete}</button></p>
<form method="dialog"><button class="secondary" type="submit">戻って確認する</button></form>
</dialog>`;
}

function request(params: ConsentPageParams): Html {
  const { municipality, initiator, participant } = params;
  const from = `${municipality}${initiator.organisation ?? ''}${initiator.name === null ? '' : `の${initiator.name}`}`;
  return html`<section class="request">
<p class="request-who">${from}から、${personWithHonorific(participant)}へ</p>
<h1>${params.title}</h1>
<p class="request-what">${roleWords(params.role).request}をお願いします。</p>
<ul class="assurances">
<li><strong>開いただけでは契約になりません。</strong></li>
<li>${reassurance(params)}</li>
<li>期限は<strong>${eraDateWithWeekday(params.deadline)}</strong>です。</li>
</ul>
${params.message !== null && html`<div class="message"><h2>担当者からの伝言</h2><p class="written">${params.message}</p></div>`}
</section>`;
}

function reassurance({ role, nameHolder, face, municipality }: ConsentPageParams): string {
  return role === 'approver'
    ? `承認されると、${nameHolder}名義の契約として確定します。`
    : worded('assurance', { municipality, wording: face?.wording });
}

function checklist(params: ConsentPageParams): Html {
  const { act } = roleWords(params.role);
  return html`<section class="checklist" aria-labelledby="checklist-title">
<h2 id="checklist-title">チェックリスト</h2>
<p class="hint" data-js-only>リストを押すと該当箇所へ移動します。</p>
<ol>
${params.documents.map(
  ({ title }, at) =>
    html`<li data-item="document-${at + 1}"><a href="#document-${at + 1}">${title}の表示</a> <span class="mark" data-mark data-js-only>未</span></li>\n`,
)}${boxItems(params.boxes)}${statementItems(params.statements)}<li data-item="act"><a href="#act">${act}</a> <span class="mark" data-js-only>未</span></li>
</ol>
</section>`;
}

function facts(params: ConsentPageParams): Html {
  const { amount, plannedDate, term } = params;
  const decision = params.role === 'approver' ? params.decisionNumber : null;
  return html`<section class="facts" aria-labelledby="facts-title">
<h2 id="facts-title">契約の概要</h2>
<dl>
${[
  fact('契約件名', params.title),
  fact('契約金額', amount && money(amount)),
  fact('契約締結予定日', plannedDate && eraDate(plannedDate)),
  fact('履行期間', term && termWords(term)),
  fact('決裁番号', decision),
  fact('受付番号', params.number),
]}</dl>
</section>`;
}

/** Null where there is nothing to say. */
function fact(label: string, value: string | null): Html | null {
  return value === null ? null : html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`;
}

function actionBar(params: ConsentPageParams): Html {
  const { act } = roleWords(params.role);
  const required =
    params.documents.length +
    params.boxes.filter((box) => box.required).length +
    statementCount(params.statements) +
    1;
  return html`<form class="action-bar" id="act" method="post" action="${params.base}/confirm" data-act data-once aria-label="${act}">
${boundTo(params)}<p class="required" data-js-only aria-live="polite">必須項目: <span data-count>0</span>/${required}</p>
<button class="primary" type="submit">完了する</button>
</form>`;
}

export const consentPageSample: ConsentPageParams = {
  ...sampleBase,
  base: '/c/abcdefghijklmnopqrstuvwxyz',
  role: 'signatory',
  participant: sampleSignatory,
  initiator: { organisation: '総務課', name: sampleInitiator.name },
  title: sampleTitle,
  number: sampleNumber,
  deadline: '2026-12-01',
  amount: { yen: 1_100_000, tax: 'included' },
  plannedDate: '2026-12-01',
  term: { from: '2026-12-01', to: '2027-03-26' },
  decisionNumber: '総管第45号',
  message: null,
  documents: sampleDocuments,
  heads: sampleDocuments.map((document) => document.sha256),
  isLast: false,
  keyOperator: '株式会社サンプル認証',
  nameHolder: '見本市長',
  contractDateIfToday: null,
  boxes: [],
  strayFaults: [],
  boxesAhead: [],
  filled: [],
  hidden: [],
  statements: { identity: false, declaration: false, incomplete: false, factor: null },
  progress: [],
  written: null,
  limits: { decline: 1000, question: 2000 },
};
