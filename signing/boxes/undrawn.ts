/** Boxes whose text a document leaves to viewers, drawn for a file in which nobody draws any more (ISO 32000-2 12.7.4.3). */
import { type FormField, formFields, type Widget } from '../pdf/boxes.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { textSetter } from '../pdf/font.ts';
import type { NewFile } from '../pdf/new-file.ts';
import type { PdfRef } from '../pdf/objects.ts';
import { unreadable } from '../pdf/problem.ts';
import type { FontFiles } from '../pdf/typeface.ts';
import { appearanceDict, type Frame, frameOf, place, shownText, textOperators } from './appearance.ts';

export interface UndrawnBoxes {
  /**
   * A form that shows the widget's text, as large as its rectangle. Rejects with PdfProblem where no text of ours can stand for
   * what a viewer would draw: a password, or more than has room; with SigningError where no font has a character.
   */
  draw(widget: PdfRef): Promise<PdfRef>;
  /** Gives the forms to the file. */
  finish(): void;
}

export function undrawnBoxes(document: PdfDocument, file: NewFile, fonts: FontFiles): UndrawnBoxes {
  const setter = textSetter(fonts);
  const drawn: { form: PdfRef; frame: Frame; operators: string }[] = [];
  let known: Map<number, { field: FormField; widget: Widget }> | null = null;
  return {
    async draw({ num }) {
      known ??= new Map(
        (await formFields(document)).flatMap((field) =>
          field.widgets.map((widget) => [widget.ref.num, { field, widget }] as const),
        ),
      );
      const box = known.get(num);
      if (box === undefined) throw unreadable('a box with text that has no appearance');
      const { field, widget } = box;
      const frame = await frameOf(document, field, widget);
      const placed = place(shownText(field, field.value), field, frame, setter);
      if (placed === null) throw unreadable('a box without an appearance that is too small for its text');
      const form = file.allocate();
      drawn.push({ form, frame, operators: textOperators(placed, field, frame, setter) });
      return form;
    },
    finish() {
      if (drawn.length === 0) return;
      // All glyphs have to be known before the fonts are cut down to them.
      const embedded = setter.embed(file);
      for (const { form, frame, operators } of drawn) {
        file.setStream(form, appearanceDict(frame, embedded), Buffer.from(operators, 'latin1'));
      }
    },
  };
}
