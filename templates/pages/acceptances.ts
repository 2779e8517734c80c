/** What is accepted with the registration: electronic contracting and the deemed consent (R7, R7b), each tied to what is wrong with it. */
import { DECLARATION_VERSION, DEEMED_CONSENT } from '../declaration.ja.ts';
import type { FieldFault } from './boxes.ts';
import { type Html, html } from './html.ts';
import { DECLARATION_LABEL, NOT_TICKED } from './statements.ts';

/** Ticked so far. */
export interface Ticks {
  electronic: boolean;
  deemed: boolean;
}

/** Names of the check boxes in the form, ids of their inputs. */
const NAMES = ['electronic', 'deemed'] as const;
const LABELS: Record<keyof Ticks, string> = {
  electronic: DECLARATION_LABEL,
  deemed: `${DEEMED_CONSENT}（了承します）`,
};
/** For the summary, where the whole sentence would be too long for a link. */
const SHORT_LABELS: Record<keyof Ticks, string> = {
  electronic: DECLARATION_LABEL,
  deemed: '代表者が同意した契約とみなすことの了承',
};

export function acceptances(ticks: Ticks, incomplete: boolean): Html {
  return html`<section class="boxes" aria-labelledby="acceptances-title">
<h2 id="acceptances-title">確認事項</h2>
${NAMES.map((name) => html`${input(name, ticks[name], incomplete)}\n`)}</section>`;
}

function input(name: keyof Ticks, ticked: boolean, incomplete: boolean): Html {
  const open = incomplete && !ticked;
  return html`<div class="box check">
<p><input type="checkbox" id="${name}" name="${name}" value="${DECLARATION_VERSION}" required${open && html` aria-invalid="true" aria-describedby="${name}-fault"`}${ticked && html` checked`}> <label for="${name}">${LABELS[name]} <span class="must">必須</span></label></p>
${open && html`<p class="fault" id="${name}-fault">${NOT_TICKED}</p>\n`}</div>`;
}

/** What was not ticked, once the confirmation was asked for. */
export function acceptanceFaults(ticks: Ticks): FieldFault[] {
  return NAMES.filter((name) => !ticks[name]).map((name) => ({
    id: name,
    label: SHORT_LABELS[name],
    sentence: NOT_TICKED,
  }));
}
