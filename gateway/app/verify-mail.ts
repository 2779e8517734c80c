/** A mail to the address for verification: what is to be said of each PDF in it, and to whom its contract is named (R45). */
import { createHash } from 'node:crypto';
import { countSoFar, nextCount } from '../../storage/contracts.ts';
import type { VerdictCode, VerificationResultParams } from '../../templates/index.ts';
import { type Contract, personOf, resultRecipients } from '../contract/contract.ts';
import { normaliseAddress } from '../mail/address.ts';
import type { Attachment } from '../mail/parse.ts';
import type { AnswerContent } from './answers.ts';
import { dailyCounter } from './daily-counter.ts';
import { type KnownFile, knownFile } from './known-file.ts';
import type { Outcome, Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';

type VerifiedAttachment = VerificationResultParams['files'][number];

/** `staff`: whether the sender belongs to the municipality. Proven senders only; as often as a day allows. */
export async function verifyMail(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
  attachments: readonly Attachment[],
  staff: boolean,
): Promise<Reaction> {
  const { database, settings } = dependencies;
  const { row, sender } = mail;
  const counter = dailyCounter('verification', row.municipality, sender, row.received_at);
  const often = { status: 'refused', why: 'verified often enough today' } as const;
  // Judging costs far more than asking.
  if ((await countSoFar(database.knex, row.municipality, counter)) >= settings.verificationsPerDay) {
    return async () => often;
  }
  const answer = await answerTo(dependencies, mail, attachments, staff);
  return async (tx): Promise<Outcome> => {
    const count = await nextCount(tx, row.municipality, counter);
    return count > settings.verificationsPerDay ? often : { status: 'handled', answer, why: 'verification' };
  };
}

async function answerTo(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
  attachments: readonly Attachment[],
  staff: boolean,
): Promise<AnswerContent> {
  const most = dependencies.settings.verifiedFilesPerMail;
  const pdfs = attachments.filter(({ kind }) => kind === 'pdf');
  const files: VerifiedAttachment[] = [];
  for (const pdf of pdfs.slice(0, most)) files.push(await judged(dependencies, mail, pdf, staff));
  // Pictures and signatures come along with every mail.
  const others = attachments.filter(({ kind }) => !['pdf', 'image', 'signature'].includes(kind));
  return {
    type: 'verified',
    verificationAddress: mail.municipality.verificationAddress!,
    files,
    notPdf: others.map(({ fileName, kind }) => ({ fileName, kind })),
    beyond: Math.max(0, pdfs.length - most),
  };
}

async function judged(
  dependencies: ReceiveDependencies,
  { municipality, sender }: ReceivedMail,
  { fileName, content }: Attachment,
  staff: boolean,
): Promise<VerifiedAttachment> {
  const report = await dependencies.verify(municipality.id, content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const known = await knownFile(dependencies, municipality.id, sha256);
  const named = known.find(({ contract }) => staff || takesPart(contract, sender));
  return {
    fileName,
    size: content.length,
    sha256,
    verdict: verdictWith(report.verdict, known),
    recorded: known.length > 0,
    problems: report.problems,
    signatures: report.signatures.map(({ kind, verdict, reason, timestamp, problems }) => ({
      kind,
      verdict,
      reason,
      timestamp: timestamp?.toISOString() ?? null,
      problems,
    })),
    contract: named ? { number: named.contract.number, title: named.contract.title } : null,
  };
}

/** Our own record knows more than a file can say of itself: whether it is one of ours at all, and the newest. */
function verdictWith(verdict: VerdictCode, known: readonly KnownFile[]): VerdictCode {
  const stands = verdict === 'valid' || verdict === 'extended';
  if (known.some(({ newest }) => newest)) return verdict;
  if (known.length > 0) return stands || verdict === 'not-ours' ? 'outdated' : verdict;
  // Signed well, but not by us: anybody can buy a certificate under the same root and name a field as we do.
  return stands || verdict === 'outdated' ? 'not-ours' : verdict;
}

function takesPart(contract: Contract, address: string): boolean {
  return resultRecipients(contract).some((id) => {
    const person = personOf(contract, id);
    return person !== undefined && normaliseAddress(person.address) === address;
  });
}
