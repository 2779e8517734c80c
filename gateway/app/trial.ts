/** 「テスト」 from staff: what of the mail's files arrives here as it was sent, so that a filter on the way is found before a contract is. */
import { createHash } from 'node:crypto';
import { problemWithFile } from '../mail/interpret.ts';
import type { Attachment } from '../mail/parse.ts';
import type { Problem } from './answers.ts';
import type { Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';

export async function answerTrial(
  { inspect }: ReceiveDependencies,
  { proof }: ReceivedMail,
  attachments: readonly Attachment[],
): Promise<Reaction> {
  const documents: { title: string; pages: number; size: number; sha256: string }[] = [];
  const problems: Problem[] = [];
  for (const { kind, fileName, content } of attachments) {
    if (kind !== 'pdf') continue;
    const inspected = await inspect(content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (inspected.ok)
      documents.push({ title: fileName, pages: inspected.pages, size: content.length, sha256 });
    else problems.push({ code: `pdf-refused:${inspected.code}`, args: { file: fileName } });
  }
  for (const { code, args } of attachments.flatMap(problemWithFile)) {
    // The sender attached a PDF: what comes as an encrypted ZIP was made one on the way.
    problems.push({ code: code === 'encrypted-zip' ? 'encrypted-on-the-way' : code, args });
  }
  return async () => ({
    status: 'handled',
    answer: { type: 'trial', documents, problems, proof },
    why: 'trial',
  });
}
