/**
 * Counts how a page's contents save and restore the graphics state (ISO 32000-2 8.4.4), since not every
 * producer balances them.
 */
import { ObjectParser } from './parse.ts';
import { PdfProblem } from './problem.ts';

export interface Balance {
  /** `q` without its `Q`. */
  readonly open: number;
  /** A `Q` came before its `q`. */
  readonly underflow: boolean;
}

/** Reads a decoded content stream; stops counting where it cannot be read, as viewers stop drawing there. */
export function stateBalance(contents: Uint8Array): Balance {
  const parser = new ObjectParser(contents, 0, true);
  let open = 0;
  let underflow = false;
  try {
    for (let operator = nextOperator(parser); operator !== null; operator = nextOperator(parser)) {
      if (operator === 'q') open++;
      if (operator === 'Q' && open > 0) open--;
      else if (operator === 'Q') underflow = true;
      if (operator === 'ID') skipInlineImage(parser);
    }
  } catch (error) {
    if (!(error instanceof PdfProblem)) throw error;
  }
  return { open, underflow };
}

/** The next operator, its operands skipped; null at the end. */
function nextOperator(parser: ObjectParser): string | null {
  for (;;) {
    parser.skipWhite();
    const octet = parser.peek();
    if (octet === -1) return null;
    const char = String.fromCharCode(octet);
    if (!/[A-Za-z'"]/.test(char)) {
      parser.object();
      continue;
    }
    const word = parser.word();
    if (!['true', 'false', 'null'].includes(word)) return word;
  }
}

/** Image data end at `EI` between white space (8.9.7). */
function skipInlineImage(parser: ObjectParser): void {
  const rest = Buffer.from(parser.bytes.subarray(parser.position)).toString('latin1');
  const end = /[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ]|$)/.exec(rest);
  parser.position = end === null ? parser.bytes.length : parser.position + end.index + 3;
}
