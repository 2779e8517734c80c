/** What a vendor wrote, or why nothing stands there. */
import { lines, type MailContent } from '../mail-content.ts';

export function vendorWords({
  text,
  sealed,
}: {
  /** Without what was quoted. */
  readonly text: string;
  /** Encrypted, so that nobody here can read it. */
  readonly sealed: boolean;
}): MailContent['blocks'][number] {
  if (text !== '') return { kind: 'quote', text };
  return sealed
    ? lines(
        '本文は、暗号化（S/MIME）されていて読み取れません。',
        '暗号化せずに送り直していただくよう、差出人へお願いしてください。',
      )
    : lines('本文はありませんでした。');
}
