/** What each operator of a content stream does to the marks on a page (ISO 32000-2 Annex A). */
import type { Operand } from './content.ts';
import type { Marks } from './marks.ts';
import { matrixOf } from './matrix.ts';

/** From here on nobody tells a colour from white paper. */
const NEARLY = 0.98;

/** Does to `marks` what the operator says; one that leaves no mark and changes none to come is passed over. */
export function follow(marks: Marks, operator: string, operands: readonly Operand[]): void {
  OPERATORS.get(operator)?.(marks, operands);
}

type Follower = (marks: Marks, operands: readonly Operand[]) => void;

const number = (operands: readonly Operand[], index: number): number => {
  const value = operands[index];
  return typeof value === 'number' ? value : 0;
};
const numbers = (operands: readonly Operand[]): number[] => operands.map((_, at) => number(operands, at));

const fillColour: Follower = (marks, o) => marks.set({ fills: !isWhite(o) });
const strokeColour: Follower = (marks, o) => marks.set({ strokes: !isWhite(o) });
const closed =
  (fill: boolean): Follower =>
  (marks) => {
    marks.close();
    marks.paint(fill, true);
  };

/** By what they act on: state, colours, paths, text. */
const OPERATORS: ReadonlyMap<string, Follower> = new Map<string, Follower>([
  ['q', (marks) => marks.save()],
  ['Q', (marks) => marks.restore()],
  ['cm', (marks, o) => marks.transform(matrixOf(o))],
  ['w', (marks, o) => marks.setLineWidth(number(o, 0))],

  ['g', (marks, o) => marks.set({ fills: number(o, 0) < NEARLY })],
  ['G', (marks, o) => marks.set({ strokes: number(o, 0) < NEARLY })],
  ['cs', (marks) => marks.set({ fills: true })],
  ['CS', (marks) => marks.set({ strokes: true })],
  ...['rg', 'k', 'sc', 'scn'].map((name): [string, Follower] => [name, fillColour]),
  ...['RG', 'K', 'SC', 'SCN'].map((name): [string, Follower] => [name, strokeColour]),

  ['m', (marks, o) => marks.move(number(o, 0), number(o, 1))],
  ['l', (marks, o) => marks.lineTo(number(o, 0), number(o, 1))],
  ...['c', 'v', 'y'].map((name): [string, Follower] => [name, (marks, o) => marks.curve(numbers(o))]),
  ['re', (marks, o) => marks.rectangle(number(o, 0), number(o, 1), number(o, 2), number(o, 3))],
  ['h', (marks) => marks.close()],
  ['W', (marks) => marks.clipNext()],
  ['W*', (marks) => marks.clipNext()],
  ['n', (marks) => marks.paint(false, false)],
  ...['f', 'F', 'f*'].map((name): [string, Follower] => [name, (marks) => marks.paint(true, false)]),
  ['S', (marks) => marks.paint(false, true)],
  ['s', closed(false)],
  ['B', (marks) => marks.paint(true, true)],
  ['B*', (marks) => marks.paint(true, true)],
  ['b', closed(true)],
  ['b*', closed(true)],
  ['sh', (marks) => marks.shade()],
  ['ID', (marks) => marks.image()],

  ['BT', (marks) => marks.beginText()],
  ['Tc', (marks, o) => marks.set({ spacing: number(o, 0) })],
  ['Tw', (marks, o) => marks.set({ wordSpacing: number(o, 0) })],
  ['Tz', (marks, o) => marks.set({ stretch: number(o, 0) / 100 })],
  ['TL', (marks, o) => marks.set({ leading: number(o, 0) })],
  ['Ts', (marks, o) => marks.set({ rise: number(o, 0) })],
  ['Tm', (marks, o) => marks.placeText(matrixOf(o))],
  ['Td', (marks, o) => marks.nextLine(number(o, 0), number(o, 1))],
  [
    'TD',
    (marks, o) => {
      marks.set({ leading: -number(o, 1) });
      marks.nextLine(number(o, 0), number(o, 1));
    },
  ],
  ['T*', (marks) => marks.leadingLine()],
  ['Tj', (marks, o) => marks.show(o[0])],
  ['TJ', (marks, o) => marks.show(o[0])],
  [
    "'",
    (marks, o) => {
      marks.leadingLine();
      marks.show(o[0]);
    },
  ],
  [
    '"',
    (marks, o) => {
      marks.set({ wordSpacing: number(o, 0), spacing: number(o, 1) });
      marks.leadingLine();
      marks.show(o[2]);
    },
  ],
]);

/** White in RGB or CMYK. What a single number means is not known, so it counts as ink. */
function isWhite(operands: readonly Operand[]): boolean {
  if (operands.length === 3) return operands.every((value) => typeof value === 'number' && value >= NEARLY);
  return operands.length === 4 && operands.every((value) => typeof value === 'number' && value <= 1 - NEARLY);
}
