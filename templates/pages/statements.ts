/** What whoever consents confirms besides: name and title, and where it applies the declaration (R7, R7b, R27). */
import { DECLARATION_VERSION, DEEMED_CONSENT, ELECTRONIC_MEANS } from '../declaration.ja.ts';
import { type Person, personWithAddress } from '../words.ts';
import { type Html, html } from './html.ts';
import { FACTOR, type FactorField, factorFault, factorInput, factorLabel } from './second-factor.ts';

export interface Statements {
  /** Ticked so far. */
  identity: boolean;
  /** Ticked so far; null where nothing has to be declared. */
  declaration: boolean | null;
  /** A consent was asked for while something was not ticked. */
  incomplete: boolean;
  /** What is asked for besides; null where the link suffices. */
  factor: FactorField | null;
}

/** Names of the check boxes in the form, ids of their inputs. */
export const IDENTITY = 'identity';
export const DECLARATION = 'declaration';
export const IDENTITY_TICKED = 'yes';

/** The registration's page asks for the same. */
export const DECLARATION_LABEL = '説明を読み、電子契約によることに同意します';

const LABELS = {
  [IDENTITY]: 'お名前と役職に間違いはありません',
  [DECLARATION]: DECLARATION_LABEL,
} as const;
export const NOT_TICKED = '内容を確かめて、チェックを入れてください。';

interface Statement {
  id: keyof typeof LABELS;
  value: string;
  ticked: boolean;
}

function asked({ identity, declaration }: Statements): Statement[] {
  const own: Statement = { id: IDENTITY, value: IDENTITY_TICKED, ticked: identity };
  return declaration === null
    ? [own]
    : [own, { id: DECLARATION, value: DECLARATION_VERSION, ticked: declaration }];
}

/** How many have to be ticked. */
export function statementCount(statements: Statements): number {
  return asked(statements).length + (statements.factor === null ? 0 : 1);
}

/** What is still open of them, once a consent was asked for. */
export function statementFaults(statements: Statements): { id: string; label: string; sentence: string }[] {
  const open = statements.incomplete ? asked(statements).filter(({ ticked }) => !ticked) : [];
  return [
    ...open.map(({ id }) => ({ id, label: LABELS[id], sentence: NOT_TICKED })),
    ...(statements.factor === null ? [] : factorFault(statements.factor)),
  ];
}

/** Check boxes that belong to the form `act`, wherever that stands on the page. */
export function statementInputs(statements: Statements, participant: Person): Html {
  return html`<section class="boxes" aria-labelledby="statements-title">
<h2 id="statements-title">確認事項</h2>
${asked(statements).map((statement) => html`${input(statement, statements.incomplete, participant)}\n`)}${statements.factor !== null && html`${factorInput(statements.factor)}\n`}</section>`;
}

function input({ id, value, ticked }: Statement, incomplete: boolean, participant: Person): Html {
  const open = incomplete && !ticked;
  const described = open ? `${id}-text ${id}-fault` : `${id}-text`;
  return html`<div class="box check" data-box="${id}" data-missing="${NOT_TICKED}">
<p><input type="checkbox" id="${id}" name="${id}" form="act" value="${value}" aria-required="true"${open && html` aria-invalid="true"`} aria-describedby="${described}"${ticked && html` checked`}> <label for="${id}">${LABELS[id]} <span class="must">必須</span></label></p>
${open && html`<p class="fault" id="${id}-fault">${NOT_TICKED}</p>\n`}${id === IDENTITY ? who(participant) : explanation()}
</div>`;
}

function who(participant: Person): Html {
  return html`<p id="${IDENTITY}-text">${personWithAddress(participant)}</p>
<p class="hint">違うときは、同意せずに、下の「契約の内容」の窓口へご連絡ください。</p>`;
}

function explanation(): Html {
  return html`<details class="explanation" id="${DECLARATION}-text" open>
<summary>電子契約についての説明（${DECLARATION_VERSION}版）</summary>
<ul>
${ELECTRONIC_MEANS.map((sentence) => html`<li>${sentence}</li>\n`)}<li>${DEEMED_CONSENT}</li>
</ul>
</details>`;
}

/** The checklist's lines for them. */
export function statementItems(statements: Statements): Html[] {
  const { factor } = statements;
  const items = asked(statements).map(({ id }): [string, string] => [id, LABELS[id]]);
  if (factor !== null) items.push([FACTOR, factorLabel(factor)]);
  return items.map(
    ([id, label]) =>
      html`<li data-item="${id}"><a href="#${id}">${label}</a> <span class="mark" data-mark data-open="未" data-js-only>未</span></li>\n`,
  );
}
