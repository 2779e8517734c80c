/** The pieces that the hand-made files of the corpus have in common. */
import { onePage, streamText } from '../pdf-build.ts';
import type { Objects } from './raw.ts';

export const A4 = '/MediaBox [0 0 595 842]';
export const ID = '/ID [<0123456789abcdef0123456789abcdef> <0123456789abcdef0123456789abcdef>]';

/** One page, some of its objects replaced. */
export const page = (entries: string, others: Objects = {}): Objects => ({ ...onePage(entries), ...others });
export const catalog = (entries: string): string => `<</Type /Catalog /Pages 2 0 R ${entries}>>`;
/** A content stream that shows a line. */
export const text = (words: string): string => streamText('', `BT /F1 24 Tf 72 700 Td (${words}) Tj ET`);
export const utf16 = (words: string): string =>
  `<feff${Buffer.from(words, 'utf16le').swap16().toString('hex')}>`;
