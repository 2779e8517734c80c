/** The fields for a signing PIN (署名用暗証番号) on the registration's page (R11): typed twice, tied to what is wrong with them. */
import type { FieldFault } from './boxes.ts';
import { type Html, html } from './html.ts';

export type PinFault = 'missing' | 'shape' | 'differs';

export interface PinFields {
  /** Whether the address cannot be confirmed without one. */
  required: boolean;
  fault: PinFault | null;
}

/** Names of the fields in the form, ids of their inputs. */
export const PIN = 'pin';
export const PIN_AGAIN = 'pin-again';

const HINT = 'hint-pin';
const LABELS = { [PIN]: '署名用暗証番号', [PIN_AGAIN]: '署名用暗証番号（もう一度）' } as const;
const FAULTS: Record<PinFault, { at: keyof typeof LABELS; sentence: string }> = {
  missing: { at: PIN, sentence: '署名用暗証番号を決めて、入力してください。' },
  shape: { at: PIN, sentence: '署名用暗証番号は、数字か英字の6文字以上20文字以内にしてください。' },
  differs: { at: PIN_AGAIN, sentence: '2つの署名用暗証番号が違います。両方とも、もう一度入力してください。' },
};

export function pinFields({ required, fault }: PinFields): Html {
  return html`<section class="boxes" aria-labelledby="pin-title">
<h2 id="pin-title">署名用暗証番号</h2>
<p class="hint" id="${HINT}">契約書に署名するときの、ご本人の確認に使うことがあります。数字か英字で6文字以上20文字以内、大文字と小文字を区別します。職員にも分からない番号ですので、忘れないように保管し、誰にも伝えないでください。</p>
${input(PIN, required, fault)}
${input(PIN_AGAIN, required, fault)}
</section>`;
}

function input(id: keyof typeof LABELS, required: boolean, fault: PinFault | null): Html {
  const own = fault !== null && FAULTS[fault].at === id ? FAULTS[fault].sentence : null;
  const described = own === null ? HINT : `${HINT} ${id}-fault`;
  return html`<div class="box">
<label for="${id}">${LABELS[id]} <span class="${required ? 'must' : 'may'}">${required ? '必須' : '任意'}</span></label>
${own !== null && html`<p class="fault" id="${id}-fault">${own}</p>\n`}<input type="password" id="${id}" name="${id}" maxlength="100" autocomplete="new-password"${required && html` aria-required="true"`}${own !== null && html` aria-invalid="true"`} aria-describedby="${described}">
</div>`;
}

/** For the summary: the input that it is about, and what is wrong. */
export function pinFault({ fault }: PinFields): FieldFault[] {
  if (fault === null) return [];
  const { at, sentence } = FAULTS[fault];
  return [{ id: at, label: LABELS[at], sentence }];
}
