/** The boxes of the documents as inputs of the consent page, what is wrong with them, and what was put into them (R27). */
import { type DocumentFacts, type FilledFact, filledPairs } from '../words.ts';
import { type Html, html } from './html.ts';

export type BoxFaultCode = 'missing' | 'too-long' | 'not-an-option' | 'bad-character' | 'no-room' | 'unknown';

export interface BoxFault {
  code: BoxFaultCode;
  /** The limit (too-long) or the character (bad-character). */
  detail: string | null;
}

export interface BoxInput {
  /** Of the input, and its name in the form. */
  id: string;
  /** Number of its document, from 1. */
  document: number;
  kind: 'text' | 'check' | 'choice';
  label: string;
  required: boolean;
  multiline: boolean;
  /** The document's own, in characters; null where it sets none. */
  limit: number | null;
  options: readonly { value: string; label: string }[];
  value: string;
  /** Where it stands in the document: page from 1; left, bottom, right, top in the page's coordinates. */
  page: number;
  rect: readonly number[];
  fault: BoxFault | null;
}

/** A label must not be empty, or nobody could name the box. */
function named({ label, id }: BoxInput): string {
  return label === '' ? `記入欄${id.slice(id.lastIndexOf('-') + 1)}` : label;
}

const CONTROL = /^\p{C}$/u;

function faultSentence({ code, detail }: BoxFault, kind: BoxInput['kind']): string {
  switch (code) {
    case 'missing':
      if (kind === 'check') return '内容を確かめて、チェックを入れてください。';
      return kind === 'choice' ? '選んでください。' : '記入してください。';
    case 'too-long':
      return `${detail}文字以内で記入してください。`;
    case 'not-an-option':
      return '一覧から選び直してください。';
    case 'bad-character':
      return detail === null || CONTROL.test(detail)
        ? '使えない文字が含まれています。記入し直してください。'
        : `「${detail}」は、この文書に書き込めない文字です。別の文字で記入してください。`;
    case 'no-room':
      return '文字が多く、欄に入りきりません。短くしてください。';
    case 'unknown':
      return 'メールのURLを開き直して、もう一度記入してください。';
  }
}

/** Something else than a box that is wrong. */
export interface FieldFault {
  /** Of the input. */
  id: string;
  label: string;
  sentence: string;
}

const UNFINISHED = '手続きはまだ終わっていません。次の項目をご確認ください。';

/** At the page's top, each fault a link to its input; `stray` are faults of no input on this page, `heading` says what did not happen. */
export function faultSummary(
  boxes: readonly BoxInput[],
  stray: readonly BoxFault[],
  fields: readonly FieldFault[],
  heading: string = UNFINISHED,
): Html | null {
  const faulty: FieldFault[] = [
    ...boxes
      .filter(({ fault }) => fault !== null)
      .map((box) => ({ id: box.id, label: named(box), sentence: faultSentence(box.fault!, box.kind) })),
    ...fields,
  ];
  if (faulty.length + stray.length === 0) return null;
  return html`<section class="faults" role="alert" aria-labelledby="faults-title" data-faults tabindex="-1" autofocus>
<h2 id="faults-title">${heading}</h2>
<ul>
${faulty.map(({ id, label, sentence }) => html`<li><a href="#${id}">${label}</a>：${sentence}</li>\n`)}${stray.map((fault) => html`<li>${faultSentence(fault, 'text')}</li>\n`)}</ul>
</section>`;
}

/** Inputs that belong to the form `act`, wherever that stands on the page. */
export function boxInputs(boxes: readonly BoxInput[], documents: readonly DocumentFacts[]): Html | null {
  if (boxes.length === 0) return null;
  const groups = documents.map(({ title }, at) => ({
    title: `文書${at + 1} ${title}`,
    own: boxes.filter(({ document }) => document === at + 1),
  }));
  return html`<section class="boxes" aria-labelledby="boxes-title">
<h2 id="boxes-title">記入欄</h2>
<p class="hint">「必須」の欄は、必ず記入してください。記入した内容は、署名の前に文書へ書き込まれます。</p>
${groups
  .filter(({ own }) => own.length > 0)
  .map(
    ({ title, own }) =>
      html`${documents.length > 1 && html`<h3>${title}</h3>\n`}${own.map((box) => html`${inputOf(box)}\n`)}`,
  )}</section>`;
}

function inputOf(box: BoxInput): Html {
  const { id, fault, document, page, rect, required } = box;
  const label = html`<label for="${id}">${named(box)} <span class="${required ? 'must' : 'may'}">${required ? '必須' : '任意'}</span></label>`;
  const limit = box.limit !== null && html`<p class="hint" id="${id}-hint">${box.limit}文字まで</p>`;
  const sentence =
    fault !== null && html`<p class="fault" id="${id}-fault">${faultSentence(fault, box.kind)}</p>`;
  const spot = html`<button type="button" class="spot-button" data-spot="${id}" data-js-only>文書の該当箇所を見る</button>`;
  const place = html`data-box="${id}" data-document="${document}" data-page="${page}" data-rect="${rect.join(' ')}"${required && html` data-missing="${faultSentence({ code: 'missing', detail: null }, box.kind)}"`}`;
  return box.kind === 'check'
    ? html`<div class="box check" ${place}>
<p>${control(box)} ${label}</p>
${sentence}${spot}
</div>`
    : html`<div class="box" ${place}>
${label}
${limit}${sentence}${control(box)}
${spot}
</div>`;
}

function control(box: BoxInput): Html {
  const { id, value, options } = box;
  const described = [
    ...(box.limit !== null ? [`${id}-hint`] : []),
    ...(box.fault === null ? [] : [`${id}-fault`]),
  ];
  const common = html`id="${id}" name="${id}" form="act"${box.required && html` aria-required="true"`}${box.fault !== null && html` aria-invalid="true"`}${described.length > 0 && html` aria-describedby="${described.join(' ')}"`}`;
  if (box.kind === 'check') {
    const [option] = options;
    const on = option?.value ?? '';
    return html`<input type="checkbox" ${common} value="${on}"${value === on && value !== '' && html` checked`}>`;
  }
  if (box.kind === 'choice') {
    return html`<select ${common}>
<option value="">選んでください</option>
${options.map(
  (option) =>
    html`<option value="${option.value}"${option.value === value && html` selected`}>${option.label}</option>\n`,
)}</select>`;
  }
  // No maxlength: browsers count UTF-16 units, and would cut off what is pasted without a word.
  // A line break right after the tag is not part of the text (WHATWG HTML 13.1.2.5).
  return box.multiline
    ? html`<textarea ${common} rows="4">\n${value}</textarea>`
    : html`<input type="text" ${common} value="${value}" autocomplete="off">`;
}

/** The checklist's lines for the boxes. */
export function boxItems(boxes: readonly BoxInput[]): Html[] {
  return boxes.map(
    (box) =>
      html`<li data-item="${box.id}"><a href="#${box.id}">${named(box)}</a> <span class="mark" data-mark data-open="${box.required ? '未' : '任意'}" data-js-only>${box.required ? '未' : '任意'}</span></li>\n`,
  );
}

/** What somebody has filled in, for those who can no longer change it. */
export function filledSection(
  filled: readonly FilledFact[],
  documents: readonly DocumentFacts[],
): Html | null {
  if (filled.length === 0) return null;
  return html`<section class="facts" aria-labelledby="filled-title">
<h2 id="filled-title">記入された内容</h2>
<p class="hint">文書に書き込まれています。変更はできません。</p>
${filledList(filled, documents)}
</section>`;
}

/** For a checker: what the signatory will be asked to fill in. */
export function boxesAhead(labels: readonly string[]): Html | null {
  if (labels.length === 0) return null;
  return html`<section class="facts" aria-labelledby="ahead-title">
<h2 id="ahead-title">記入欄</h2>
<p class="hint">次の欄は、このあと契約締結権限者（署名をする方）が記入します。</p>
<ul>
${labels.map((label) => html`<li>${label}</li>\n`)}</ul>
</section>`;
}

export function filledList(filled: readonly FilledFact[], documents: readonly DocumentFacts[]): Html {
  return html`<dl>
${filledPairs(filled, documents).map(
  ({ label, value }, at) =>
    html`<div><dt>${label}</dt><dd${filled[at]!.value !== null && html` class="written"`}>${value}</dd></div>\n`,
)}</dl>`;
}

export const boxInputSamples: readonly BoxInput[] = [
  {
    id: 'box-1-1',
    document: 1,
    kind: 'text',
    label: '住所',
    required: true,
    multiline: false,
    limit: null,
    options: [],
    value: '',
    page: 1,
    rect: [100, 700, 300, 720],
    fault: null,
  },
  {
    id: 'box-1-2',
    document: 1,
    kind: 'text',
    label: '法人番号',
    required: false,
    multiline: false,
    limit: 13,
    options: [],
    value: '12345678901234',
    page: 1,
    rect: [100, 660, 300, 680],
    fault: { code: 'too-long', detail: '13' },
  },
  {
    id: 'box-1-3',
    document: 1,
    kind: 'choice',
    label: '課税事業者の別',
    required: true,
    multiline: false,
    limit: null,
    options: [
      { value: '1', label: '課税事業者' },
      { value: '2', label: '免税事業者' },
    ],
    value: '2',
    page: 1,
    rect: [100, 620, 300, 640],
    fault: null,
  },
  {
    id: 'box-2-1',
    document: 2,
    kind: 'check',
    label: '設計図書を受け取りました',
    required: true,
    multiline: false,
    limit: null,
    options: [{ value: 'Yes', label: 'Yes' }],
    value: '',
    page: 1,
    rect: [100, 700, 112, 712],
    fault: { code: 'missing', detail: null },
  },
  {
    id: 'box-2-2',
    document: 2,
    kind: 'text',
    label: '備考',
    required: false,
    multiline: true,
    limit: null,
    options: [],
    value: '一行目\n二行目',
    page: 1,
    rect: [100, 500, 400, 600],
    fault: null,
  },
];
