/** Between the boxes of a contract's documents and the inputs of its page (R27): names, what was typed, what is wrong with it. */
import type { BoxFault, BoxInput } from '../../templates/index.ts';
import { fillsBoxes, type OpenedLink } from '../app/consent-desk.ts';
import { type Box, type BoxProblem, type FilledBox, fillingStep } from '../contract/boxes.ts';
import type { Contract, Step } from '../contract/contract.ts';

/** A form's fields as a client posted them: of any shape. */
export type Posted = Readonly<Record<string, unknown>> | undefined;

interface Asked {
  readonly id: string;
  readonly document: string;
  readonly number: number;
  readonly box: Box;
}

/** The boxes that the holder of this step is to fill now. */
function asked({ contract, step }: OpenedLink & { step: Step }): Asked[] {
  if (!fillsBoxes(contract, step)) return [];
  return contract.documents.flatMap(({ id: document, boxes }, at) =>
    boxes.map((box, index) => ({
      id: `box-${at + 1}-${index + 1}`,
      document,
      number: at + 1,
      box,
    })),
  );
}

/** What was put into each box; a box that was not posted is open. */
export function typedBoxes(link: OpenedLink & { step: Step }, posted: Posted): FilledBox[] {
  return asked(link).map(({ id, document, box }) => {
    const value = posted?.[id];
    return { document, name: box.name, value: typeof value === 'string' ? tidied(value, box) : '' };
  });
}

/** What stands in the boxes before anybody has typed. */
export function boxesAsMailed(link: OpenedLink & { step: Step }): FilledBox[] {
  return asked(link).map(({ document, box }) => ({ document, name: box.name, value: box.value }));
}

/** Line ends as one kind, no blanks around; か and a combining ゛ as が, which Macs write apart. */
function tidied(value: string, { kind, multiline }: Box): string {
  if (kind !== 'text') return value;
  const lines = value
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replace(/[\u3041-\u30ff][\u3099\u309a]/g, (kana) => kana.normalize('NFC'));
  return (multiline ? lines : lines.replaceAll('\n', ' ')).trim();
}

export function boxInputs(
  link: OpenedLink & { step: Step },
  typed: readonly FilledBox[],
  problems: readonly BoxProblem[],
): { boxes: BoxInput[]; strayFaults: BoxFault[] } {
  const all = asked(link);
  const isOf =
    ({ document, box }: Asked) =>
    (one: { document: string; name: string }): boolean =>
      one.document === document && one.name === box.name;
  const boxes = all.map((ask): BoxInput => {
    const { id, number, box } = ask;
    const { kind, label, required, multiline, maxLength, options, page, rect } = box;
    return {
      ...{ id, document: number, kind, label, required, multiline, options, page, rect },
      limit: maxLength,
      value: typed.find(isOf(ask))?.value ?? '',
      fault: problems.find(isOf(ask)) ?? null,
    };
  });
  const strayFaults = problems.filter((problem) => !all.some((ask) => isOf(ask)(problem)));
  return { boxes, strayFaults };
}

/** The posted values once more, for a form that passes them on. */
export function hiddenBoxes(
  link: OpenedLink & { step: Step },
  typed: readonly FilledBox[],
): { name: string; value: string }[] {
  return asked(link).map(({ id }, index) => ({ name: id, value: typed[index]!.value }));
}

/** Labels of the boxes that are filled in after this step. */
export function boxesAhead({ contract, step }: { contract: Contract; step: Step }): string[] {
  const ahead = contract.steps.indexOf(step) < fillingStep(contract.steps);
  return ahead ? contract.documents.flatMap(({ boxes }) => boxes.map(({ label }) => label)) : [];
}
