/** Registration feeds of the sample vendor, as an e-application form writes them. */
import Encoding from 'encoding-japanese';
import { row, SAMPLE, table } from '../fixtures/feed/text.ts';

export const FEED_HEADER = Object.keys(SAMPLE).join(',');

export function feedRow(changes: Partial<typeof SAMPLE> = {}): string {
  return row(changes);
}

/** Header and rows, CRLF, UTF-8. */
export function feedOf(...rows: string[]): Buffer {
  return Buffer.from(table(...rows));
}

export function cp932(text: string): Uint8Array {
  return Uint8Array.from(Encoding.convert(Encoding.stringToCode(text), { from: 'UNICODE', to: 'SJIS' }));
}
