/** Opens a contract: from a contract mail, or anew by reply to the mail that told how one has ended. */
import { storedOctets } from '../../storage/blobs/blobs.ts';
import { nextCount } from '../../storage/contracts.ts';
import type { Contract, Draft, Initiator } from '../contract/contract.ts';
import { jstDate } from '../contract/jst.ts';
import { isRefusal } from '../contract/refusals.ts';
import { readContractMail } from '../mail/contract-mail.ts';
import { type Interpretation, problemWithFile } from '../mail/interpret.ts';
import type { Attachment } from '../mail/parse.ts';
import { mayDo } from '../mail/rights.ts';
import { newId } from './accept-message.ts';
import type { Problem } from './answers.ts';
import { hasComeAnew } from './came-anew.ts';
import type { LoadedContract } from './contract-store.ts';
import { keptDocuments, overlay, problemsOfLines } from './correct-draft.ts';
import { fieldsOf, resolveDraft } from './draft.ts';
import type { Outcome, Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';

/** Opens a contract from a contract mail, or answers with every problem at once. */
export async function draftContract(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
  { mail: fields, attachments, problems: found }: Extract<Interpretation, { type: 'draft' }>,
): Promise<Reaction> {
  const { municipality, sender, row } = mail;
  if (!mayDo(sender, 'initiator', municipality.staff)) return async () => refused([notInitiator(sender)]);
  const owner = dependencies.store.newOwner(newId());
  const resolved = await resolveDraft(
    { ...dependencies, tx: dependencies.database.knex },
    {
      municipality,
      fields,
      initiator: initiatorOf(mail),
      attachments,
      kept: [],
      owner,
      now: row.received_at,
    },
  );
  const problems = [...found, ...('problems' in resolved ? resolved.problems : [])];
  if (problems.length > 0 || 'problems' in resolved) return async () => refused(problems);
  return opening(dependencies, mail, owner, resolved.draft);
}

/** A contract that has ended comes in anew, once, under a number of its own: what it said and its uploads, with the lines and PDFs that change. */
export async function draftAnew(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
  { contract: ended, owner: formerOwner }: LoadedContract,
  attachments: readonly Attachment[],
): Promise<Reaction> {
  const { blobs, commands, database, store } = dependencies;
  const { municipality, sender, message, row } = mail;
  const now = row.received_at;
  const read = readContractMail('', message.text);
  const refusal = (problems: readonly Problem[]): Reaction => {
    const answer = {
      type: 'commandRefused',
      contract: ended.id,
      participant: 'initiator',
      problems,
    } as const;
    const why = problems.map(({ code }) => code).join(', ');
    return async () => ({ status: 'refused', contract: ended.id, answer, why });
  };
  if (!mayDo(sender, 'initiator', municipality.staff)) return refusal([notInitiator(sender)]);
  if (ended.successor !== undefined) return hasComeAnew(dependencies, ended);
  const owner = store.newOwner(newId());
  const kept: Draft['documents'][number][] = [];
  // Each contract's blobs are under its own key (decided 2).
  for (const document of keptDocuments(ended)) {
    const { name, ...stored } = await blobs.put(
      owner,
      storedOctets(blobs, formerOwner, document.upload.blob),
    );
    kept.push({ ...document, upload: { ...stored, blob: name } });
  }
  const before = fieldsOf(ended);
  const isOver = before.deadline !== null && before.deadline < jstDate(now);
  const resolved = await resolveDraft(
    { ...dependencies, tx: database.knex },
    {
      municipality,
      fields: overlay(isOver ? { ...before, deadline: null } : before, read.fields),
      initiator: ended.initiator,
      attachments,
      kept,
      owner,
      now,
    },
  );
  const files = attachments.flatMap(problemWithFile);
  const problems = [...problemsOfLines(read), ...files, ...('problems' in resolved ? resolved.problems : [])];
  if (problems.length > 0 || 'problems' in resolved) return refusal(problems);
  const open = opening(dependencies, mail, owner, resolved.draft, { formerNumber: ended.number });
  return async (tx, now) => {
    const handled = await commands.handle(tx, ended.id, { type: 'comeAnew', successor: owner.id }, now);
    // Its end is final: nothing but another reply, read at the same time, can have come between.
    return isRefusal(handled) ? hasComeAnew(dependencies, ended)(tx, now) : open(tx, now);
  };
}

function opening(
  { commands }: ReceiveDependencies,
  { row, message }: ReceivedMail,
  owner: LoadedContract['owner'],
  draft: Draft,
  former: Pick<Contract, 'formerNumber'> = {},
): Reaction {
  return async (tx, now) => {
    const year = jstDate(now).slice(0, 4);
    const count = await nextCount(tx, row.municipality, `contract-${year}`);
    const { contract } = await commands.open(
      tx,
      owner,
      {
        id: owner.id,
        municipality: row.municipality,
        number: `${year}-${String(count).padStart(4, '0')}`,
        certificateId: certificateIdOf(owner.id),
        sourceMessageId: message.messageId,
        ...former,
        draft,
      },
      now,
    );
    return { status: 'handled', contract: contract.id };
  };
}

export function refused(problems: readonly Problem[]): Outcome {
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const codes = problems.map(({ code }) => code).join(', ');
  return { status: 'refused', answer: { type: 'refused', problems: [...distinct.values()] }, why: codes };
}

function notInitiator(address: string): Problem {
  return { code: 'not-initiator', args: { address } };
}

/** Printed on page 1 of every document (R41): the contract's id in groups that can be read out. */
function certificateIdOf(id: string): string {
  return id.toUpperCase().replace(/(.{4})(?=.)/g, '$1-');
}

/** The staff member who wrote, as the municipality knows them. */
function initiatorOf({ message, municipality, sender }: ReceivedMail): Initiator {
  const member = municipality.staff.members.find(({ address }) => address === sender);
  return {
    name: member?.name ?? (message.from?.name || sender.slice(0, sender.lastIndexOf('@'))),
    address: sender,
    title: null,
    company: null,
    section: member?.section ?? null,
    phone: member?.phone ?? null,
  };
}
