/** Tells a file that was cut off from one that something was added to, where it does not end in %%EOF (ISO 32000-2 7.5.5). */
import type { ByteSource } from '../ports.ts';
import { PdfProblem } from './problem.ts';

/** Web pages and mail footers that stuck to a download are shorter. */
const SEARCHED = 1 << 16;

export async function problemAtEnd(source: ByteSource): Promise<PdfProblem> {
  const length = Math.min(SEARCHED, source.size);
  const tail = Buffer.from(await source.read(source.size - length, length)).toString('latin1');
  const eof = tail.lastIndexOf('%%EOF');
  // Objects after the mark are the begin of a later revision, or the body of a linearized file.
  if (eof < 0 || /\d \d+ obj/.test(tail.slice(eof)))
    return new PdfProblem('truncated', 'no %%EOF at the end');
  return new PdfProblem('junk-around', 'octets follow the last %%EOF');
}
