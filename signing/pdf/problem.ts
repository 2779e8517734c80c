/** The one exception of the PDF reader: a file that cannot be taken, with its place in the closed list of refusals. */
import type { PdfRefusalCode } from '../ports.ts';
import { SigningError } from '../ports.ts';

export class PdfProblem extends SigningError {
  readonly code: PdfRefusalCode;
  constructor(code: PdfRefusalCode, detail: string) {
    super(detail, { transient: false });
    this.name = 'PdfProblem';
    this.code = code;
  }
}

/** Shorthand for what is broken beyond any other name. */
export function unreadable(detail: string): PdfProblem {
  return new PdfProblem('unreadable', detail);
}
