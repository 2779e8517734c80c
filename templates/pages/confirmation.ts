/** What a consent means, said once more before it is given: the dialog of the consent page and the page without JavaScript (R7, R28). */
import { DEEMED_CONSENT } from '../declaration.ja.ts';
import { eraDate, type When } from '../format.ts';
import { type DocumentFacts, type FilledFact, type Person, personWithHonorific } from '../words.ts';
import { filledList } from './boxes.ts';
import { type Html, html } from './html.ts';
import { type ConsentRole, roleWords } from './role-words.ts';
import type { PageBase } from './shell.ts';
import type { Statements } from './statements.ts';

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
  /** What has to be ticked before. */
  statements: Statements;
}

/** What is about to happen: one sentence that says it, the documents, and what follows from it. */
export function confirmation(params: Confirmation): Html {
  return html`<p class="follows">${follows(params)}</p>
<ul class="agreed">
${params.documents.map(({ title, pages }, at) => html`<li>${at + 1} ${title}（${pages}枚）</li>\n`)}</ul>
${params.hidden.length > 0 && writing(params)}<ul class="consequences">
${consequences(params).map((sentence) => html`<li>${sentence}</li>\n`)}</ul>`;
}

/** What the form `act` is bound to: the digests of what was shown. */
export function boundTo({ heads }: Confirmation): Html[] {
  return heads.map((head) => html`<input type="hidden" name="head" value="${head}">\n`);
}

function follows({ role, participant, nameHolder }: Confirmation): string {
  const who = personWithHonorific(participant);
  switch (role) {
    case 'checker':
      return `「${roleWords(role).complete}」を押すと、${who}が次の文書の内容を確認し、同意したことを記録します。`;
    case 'signatory':
      return `「${roleWords(role).complete}」を押すと、${who}として次の文書に同意したことを記録し、文書に電子署名を行います。`;
    case 'approver':
      return `「${roleWords(role).complete}」を押すと、${who}が${nameHolder}名義の契約として次の文書を承認したことを記録し、文書に電子署名を行います。`;
  }
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
      return [takeBack, ...date, seal];
  }
}
