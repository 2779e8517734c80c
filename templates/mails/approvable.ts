/** What 「承認」 in reply to an answer would be about: a mail that can be replied to so shows it first (decided 8). */
import { lines, type MailBlock } from '../mail-content.ts';
import { type DocumentFacts, numbered } from '../words.ts';

export interface Approvable {
  /** With the SHA-256 of their heads; empty unless the recipient is the approver whose turn it is. */
  approvable: readonly DocumentFacts[];
}

export function approvableBlocks({ approvable }: Approvable): MailBlock[] {
  if (approvable.length === 0) return [];
  return [
    lines('このメールに「承認」と返信されると、次の文書に同意したことになります。'),
    { kind: 'digests', documents: numbered(approvable) },
  ];
}
