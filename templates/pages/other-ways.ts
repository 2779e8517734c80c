/** What can be done instead of consenting: refusing, wishing for paper, asking the municipality (R0, R20, R29). */
import { faultSummary } from './boxes.ts';
import { type Html, html } from './html.ts';
import { type ConsentRole, roleWords } from './role-words.ts';

/** How much may be written into each form: characters, not the browser's UTF-16 units, for the server counts. */
export type WritingLimits = Readonly<Record<Written['form'], number>>;

/** What was written into one of these forms and could not be taken. */
export interface Written {
  form: 'decline' | 'question';
  text: string;
  /** `too-many`: as many questions as a day allows have been sent. */
  fault: 'too-long' | 'empty' | 'too-many';
}

interface Other {
  base: string;
  role: ConsentRole;
  written: Written | null;
  limits: WritingLimits;
}

/** Names of the fields in their forms, ids of their inputs. */
export const FIELDS = {
  decline: { id: 'reason', label: '理由' },
  question: { id: 'question', label: '質問' },
} as const;

function faultSentence({ form, text, fault }: Written, limits: WritingLimits): string {
  if (fault === 'empty') return '質問を書いてください。';
  if (fault === 'too-many') {
    return '本日はこれ以上お送りできません。この文面はお送りしていません。お急ぎのときは、下の「契約の内容」の窓口へお電話ください。';
  }
  return `${count(limits[form])}文字以内で書いてください。いまは${count([...text].length)}文字です。`;
}

function count(characters: number): string {
  return characters.toLocaleString('en-US');
}

/** At the page's top; a consent that was given before stays given, so it speaks of the text alone. */
export function writtenSummary({ written, limits }: Pick<Other, 'written' | 'limits'>): Html | null {
  if (written === null) return null;
  const { id, label } = FIELDS[written.form];
  const fault = { id, label, sentence: faultSentence(written, limits) };
  return faultSummary([], [], [fault], 'まだお送りしていません。次の項目をご確認ください。');
}

export function otherWays(params: Other): Html {
  return html`${question(params)}
${params.role !== 'approver' && paper(params)}
${refusal(params)}`;
}

/** 「自治体に質問する」; null for the municipality's own approver, who knows whom to ask. */
export function question({ base, role, written, limits }: Other): Html | null {
  if (role === 'approver') return null;
  return html`<details class="refusal ask" id="ask"${written?.form === 'question' && html` open`}>
<summary>担当者に質問する</summary>
<form method="post" action="${base}/question" data-once>
<p>担当職員にメールで届きます。お返事は、担当職員からあなたのアドレスへ直接お送りします。質問しても、手続きは進みも終わりもしません。</p>
${field('question', written, limits, `質問（${count(limits.question)}文字まで）`)}
<button class="secondary" type="submit">質問を送る</button>
</form>
</details>`;
}

function paper({ base }: Other): Html {
  return html`<details class="refusal paper">
<summary>紙の契約を希望する</summary>
<form method="post" action="${base}/paper" data-once>
<p>電子契約の手続きはここで終わり、紙の契約を希望されたことを担当職員に知らせます。このあとのことは、担当職員からご連絡します。</p>
<button class="danger" type="submit">紙の契約を希望する</button>
</form>
</details>`;
}

function refusal({ base, role, written, limits }: Other): Html {
  const { decline } = roleWords(role);
  const advice =
    role === 'approver'
      ? '差し戻すと手続きは終わり、担当職員に知らせます。'
      : '内容に問題があるときは、先に下の「契約の内容」の窓口へご相談ください。却下すると手続きは終わり、担当職員に知らせます。';
  return html`<details class="refusal"${written?.form === 'decline' && html` open`}>
<summary>${decline}</summary>
<form method="post" action="${base}/decline" data-once>
<p>${advice}</p>
${field('decline', written, limits, `理由（書かなくても構いません。${count(limits.decline)}文字まで）`)}
<button class="danger" type="submit">${decline}</button>
</form>
</details>`;
}

// No maxlength: browsers would cut off what is pasted without a word.
function field(form: Written['form'], written: Written | null, limits: WritingLimits, label: string): Html {
  const { id } = FIELDS[form];
  const wrong = written?.form === form ? written : null;
  return html`<label for="${id}">${label}</label>
${wrong !== null && html`<p class="fault" id="${id}-fault">${faultSentence(wrong, limits)}</p>\n`}<textarea id="${id}" name="${id}" rows="4"${wrong !== null && html` aria-invalid="true" aria-describedby="${id}-fault"`}>\n${wrong?.text ?? ''}</textarea>`;
}
