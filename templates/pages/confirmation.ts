/** What a consent means, said once more before it is given: the dialog of the consent page and the page without JavaScript (R7, R28). */
import { DEEMED_CONSENT } from '../declaration.ja.ts';
import { eraDate, type When } from '../format.ts';
import { type DocumentFacts, type FilledFact, type Person, personWithHonorific } from '../words.ts';
import { filledList } from './boxes.ts';
import { type Html, html } from './html.ts';
import { type ConsentRole, roleWords } from './role-words.ts';
import type { PageBase } from './shell.ts';

export interface Confirmation extends PageBase {
  /** Path of this participant's page, e.g. /c/SECRET. */
  base: string;
  role: ConsentRole;
  participant: Person;
  title: string;
  documents: readonly DocumentFacts[];
  /** SHA-256 of every document's head revision, in the documents' order: what the consent is bound to. */
  heads: readonly string[];
  /** True when no further consent follows: it then concludes the contract and cannot be taken back. */
  isLast: boolean;
  /** Who operates the signing key (R59). */
  keyOperator: string;
  /** 名義人, e.g. 見本市長. */
  nameHolder: string;
  /** The contract's date if the last consent comes today; null where it cannot be told yet. */
  contractDateIfToday: When | null;
  /** What stands in the documents' boxes, or will with this consent. */
  filled: readonly FilledFact[];
  /** What the consent carries besides the digests: the filled boxes as they were posted. */
  hidden: readonly { name: string; value: string }[];
}

/** The sentences and, as a form, the consent itself. */
export function confirmation(params: Confirmation): Html {
  const words = roleWords(params.role);
  return html`<p>${personWithHonorific(params.participant)}として、次の文書に同意します。</p>
<ul class="agreed">
${params.documents.map(({ title, pages }, at) => html`<li>${at + 1} ${title}（${pages}枚）</li>\n`)}</ul>
${params.hidden.length > 0 && writing(params)}<ul class="consequences">
${consequences(params).map((sentence) => html`<li>${sentence}</li>\n`)}</ul>
<form method="post" action="${params.base}/consent" data-once>
${params.heads.map((head) => html`<input type="hidden" name="head" value="${head}">\n`)}${params.hidden.map(({ name, value }) => html`<input type="hidden" name="${name}" value="${value}">\n`)}<button class="primary" type="submit">${words.complete}</button>
${params.hidden.length > 0 && html`<button class="secondary" type="submit" formaction="${params.base}/edit">戻って直す</button>\n`}</form>`;
}

/** What will be written into the documents, to be read once more. */
function writing({ filled, documents }: Confirmation): Html {
  return html`<p>文書には、次のとおり書き込みます。</p>
${filled.length === 0 ? html`<p>（記入はありません。）</p>` : filledList(filled, documents)}
`;
}

function consequences(params: Confirmation): string[] {
  const date =
    params.contractDateIfToday === null
      ? []
      : [`本日完了した場合、契約日は${eraDate(params.contractDateIfToday)}です。`];
  const takeBack = params.isLast
    ? '完了すると契約が成立します。あとから取り消せません。'
    : '次の方が同意するまでは、取り消すことができます。';
  const seal = `同意にもとづき、${params.keyOperator}が管理する鍵で電子署名を行います。`;
  switch (params.role) {
    case 'checker':
      return ['内容の確認だけです。電子署名は行いません。', takeBack];
    case 'signatory':
      return [takeBack, ...date, seal, DEEMED_CONSENT];
    case 'approver':
      return [`${params.nameHolder}名義の契約として承認します。`, takeBack, ...date, seal];
  }
}
