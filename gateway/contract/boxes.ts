/**
 * Boxes of the documents that the vendor fills in with its consent (R27): what they are, whose turn it is to fill them,
 * and what may stand in them.
 */

/** A choice of a check box (just one), radio group or list; `value` is what is stored. */
export interface BoxOption {
  readonly value: string;
  readonly label: string;
}

/** One form field of a PDF (ISO 32000-2 12.7) as it was found in the upload. */
export interface Box {
  /** Fully qualified, unique within the document. */
  readonly name: string;
  readonly kind: 'text' | 'check' | 'choice';
  readonly label: string;
  readonly required: boolean;
  readonly multiline: boolean;
  /** In characters; null where the form sets no limit. */
  readonly maxLength: number | null;
  readonly options: readonly BoxOption[];
  /** What stands in it already. */
  readonly value: string;
  /** From 1. */
  readonly page: number;
  /** Left, bottom, right, top in the page's own coordinates. */
  readonly rect: readonly [number, number, number, number];
}

/** What was put into a box; '' leaves it open. */
export interface FilledBox {
  readonly document: string;
  readonly name: string;
  readonly value: string;
}

export type BoxProblemCode =
  | 'missing'
  | 'too-long'
  | 'not-an-option'
  | 'bad-character'
  | 'no-room'
  | 'unknown';

export interface BoxProblem {
  readonly document: string;
  readonly name: string;
  readonly code: BoxProblemCode;
  /** The limit (too-long) or the character (bad-character). */
  readonly detail: string | null;
}

/** Documents as far as their boxes go. */
export type Form = readonly { readonly id: string; readonly boxes: readonly Box[] }[];

/** A form that needs more, or less, says so itself (MaxLen, ISO 32000-2 12.7.5.3): these hold where it says nothing. */
const LINE_LIMIT = 200;
const TEXT_LIMIT = 2000;
/** Controls, halves of surrogate pairs, and what would reorder the text around it. */
const BAD_CHARACTER = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** Index of the step whose holder fills the boxes: the first to sign, since nothing may change after a signature; -1 without one. */
export function fillingStep(steps: readonly { readonly role: string }[]): number {
  return steps.findIndex(({ role }) => role === 'signatory');
}

/** In characters, whatever the form says. */
function lengthLimit({ maxLength, multiline }: Box): number {
  return maxLength ?? (multiline ? TEXT_LIMIT : LINE_LIMIT);
}

/** Why the boxes cannot be filled so; empty when they can. */
export function fillingProblems(form: Form, filled: readonly FilledBox[]): BoxProblem[] {
  const asked = form.flatMap(({ id, boxes }) => boxes.map((box) => ({ document: id, box })));
  const isFor = (one: FilledBox, { document, box }: (typeof asked)[number]): boolean =>
    one.document === document && one.name === box.name;
  const unknown = filled.flatMap((one, index): BoxProblem[] => {
    const again = filled.findIndex((other) => other.document === one.document && other.name === one.name);
    return again === index && asked.some((ask) => isFor(one, ask))
      ? []
      : [{ document: one.document, name: one.name, code: 'unknown', detail: null }];
  });
  const wrong = asked.flatMap((ask): BoxProblem[] => {
    const problem = valueProblem(ask.box, filled.find((one) => isFor(one, ask))?.value ?? '');
    return problem === null ? [] : [{ document: ask.document, name: ask.box.name, ...problem }];
  });
  return [...unknown, ...wrong];
}

function valueProblem(box: Box, value: string): Pick<BoxProblem, 'code' | 'detail'> | null {
  if (value === '') return box.required ? { code: 'missing', detail: null } : null;
  if (box.kind !== 'text') {
    return box.options.some((option) => option.value === value)
      ? null
      : { code: 'not-an-option', detail: null };
  }
  const limit = lengthLimit(box);
  if ([...value].length > limit) return { code: 'too-long', detail: String(limit) };
  const bad = BAD_CHARACTER.exec(box.multiline ? value.replaceAll('\n', '') : value);
  return bad === null ? null : { code: 'bad-character', detail: bad[0] };
}

/** What a value says to a reader: an option's label instead of what is stored. */
function valueLabel(box: Box, value: string): string {
  return box.options.find((option) => option.value === value)?.label ?? value;
}

/** One filled box for readers: `value` is null where a check box is ticked. */
export interface FilledRow {
  readonly document: string;
  readonly label: string;
  readonly value: string | null;
}

/** What was filled in, in the documents' order; boxes left open are left out. */
export function filledRows(
  form: readonly { readonly id: string; readonly name: string; readonly boxes: readonly Box[] }[],
  filled: readonly FilledBox[],
): FilledRow[] {
  return form.flatMap(({ id, name, boxes }) =>
    boxes.flatMap((box): FilledRow[] => {
      const value = filled.find((one) => one.document === id && one.name === box.name)?.value ?? '';
      if (value === '') return [];
      return [
        { document: name, label: box.label, value: box.kind === 'check' ? null : valueLabel(box, value) },
      ];
    }),
  );
}
