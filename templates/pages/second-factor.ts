/** The field for the second factor on the consent page and its confirmation: an access code heard by telephone, or the PIN chosen with the registration (R52). */
import { type Html, html } from './html.ts';

export type Factor = 'code' | 'pin';
export type FactorFault = 'missing' | 'wrong';

export interface FactorField {
  kind: Factor;
  /** What was entered so far, to be carried on; empty after a wrong one. */
  entered: string;
  fault: FactorFault | null;
}

/** Name of the field in the form, id of its input. */
export const FACTOR = 'factor';

const LABELS: Record<Factor, string> = { code: 'アクセスコード', pin: '署名用暗証番号' };
/** A PIN is a secret of its own, which password managers keep. */
const INPUTS: Record<Factor, { type: string; autocomplete: string }> = {
  code: { type: 'text', autocomplete: 'one-time-code' },
  pin: { type: 'password', autocomplete: 'current-password' },
};
const HINTS: Record<Factor, string> = {
  code: '担当職員から電話などでお伝えした番号です。メールには書かれていません。分からないときは、下の「契約の内容」の窓口へお電話ください。',
  pin: 'メールアドレスの登録を確認したときに、ご自身で決めた番号です。職員には分かりません。忘れたときは、下の「契約の内容」の窓口へお電話ください。',
};
const FAULTS: Record<FactorFault, (label: string) => string> = {
  missing: (label) => `${label}を入力してください。`,
  wrong: (label) =>
    `${label}が違います。もう一度入力してください。続けて間違えると、しばらく入力できなくなります。`,
};

/** The input belongs to the form `act`, wherever that stands on the page. */
export function factorInput({ kind, entered, fault }: FactorField): Html {
  const label = LABELS[kind];
  const { type, autocomplete } = INPUTS[kind];
  const described = fault === null ? `${FACTOR}-hint` : `${FACTOR}-hint ${FACTOR}-fault`;
  return html`<div class="box" data-box="${FACTOR}" data-missing="${FAULTS.missing(label)}">
<label for="${FACTOR}">${label} <span class="must">必須</span></label>
<p class="hint" id="${FACTOR}-hint">${HINTS[kind]}</p>
${fault !== null && html`<p class="fault" id="${FACTOR}-fault">${FAULTS[fault](label)}</p>\n`}<input type="${type}" id="${FACTOR}" name="${FACTOR}" form="act" value="${entered}" maxlength="100" autocomplete="${autocomplete}" aria-required="true"${fault !== null && html` aria-invalid="true"`} aria-describedby="${described}">
</div>`;
}

export function factorFault({ kind, fault }: FactorField): { id: string; label: string; sentence: string }[] {
  const label = LABELS[kind];
  return fault === null ? [] : [{ id: FACTOR, label, sentence: FAULTS[fault](label) }];
}

export function factorLabel({ kind }: FactorField): string {
  return LABELS[kind];
}
