/** What a vendor wrote, or why nothing stands there. */
import { lines, type MailContent } from '../mail-content.ts';

export function vendorWords({
  text,
  cut,
  sealed,
}: {
  /** Without what was quoted. */
  readonly text: string;
  /** There is more of it. */
  readonly cut: boolean;
  /** Encrypted, so that nobody here can read it. */
  readonly sealed: boolean;
}): MailContent['blocks'] {
  const more = cut ? [lines('本文が長いため、途中までを載せています。続きは、差出人へお尋ねください。')] : [];
  if (text !== '') return [{ kind: 'quote', text }, ...more];
  const none = sealed
    ? lines(
        '本文は、暗号化（S/MIME）されていて読み取れません。',
        '暗号化せずに送り直していただくよう、差出人へお願いしてください。',
      )
    : lines('本文はありませんでした。');
  return [none];
}
