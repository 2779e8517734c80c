/** A correction by reply: just the lines that change, and PDFs that are added or replace one of the same file name. */

import type { Grant } from '../contract/commands.ts';
import type { Contract, Draft } from '../contract/contract.ts';
import { isRefusal } from '../contract/refusals.ts';
import { type Cell, transitions } from '../contract/transitions.ts';
import type { ContractFields } from '../mail/contract-fields.ts';
import { type ContractMail, readContractMail } from '../mail/contract-mail.ts';
import { problemWithFile } from '../mail/interpret.ts';
import type { Attachment } from '../mail/parse.ts';
import type { Problem } from './answers.ts';
import type { LoadedContract } from './contract-store.ts';
import { fieldsOf, resolveDraft } from './draft.ts';
import type { Outcome, Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';

export async function correction(
  dependencies: ReceiveDependencies,
  { message, municipality, row }: ReceivedMail,
  { contract, owner }: LoadedContract,
  grant: Grant,
  attachments: readonly Attachment[],
): Promise<Reaction> {
  const { database, commands } = dependencies;
  const refused = (problems: readonly Problem[]): Outcome => ({
    status: 'refused',
    contract: contract.id,
    answer: { type: 'commandRefused', contract: contract.id, participant: 'initiator', problems },
    why: problems.map(({ code }) => code).join(', '),
  });
  // Files and lines are not asked for that would not be taken.
  const cell: Cell = transitions[contract.state].correct;
  if ('refusal' in cell) return async () => refused([{ code: cell.refusal, args: {} }]);
  const read = readContractMail('', message.text);
  const resolved = await resolveDraft(
    { ...dependencies, tx: database.knex },
    {
      municipality,
      fields: overlay(fieldsOf(contract), read.fields),
      initiator: contract.initiator,
      attachments,
      kept: keptDocuments(contract),
      owner,
      now: row.received_at,
    },
  );
  const files = attachments.flatMap(problemWithFile);
  const problems = [...problemsOfLines(read), ...files, ...('problems' in resolved ? resolved.problems : [])];
  if (problems.length > 0 || 'problems' in resolved) return async () => refused(problems);
  return async (tx, now) => {
    const handled = await commands.handle(
      tx,
      contract.id,
      { type: 'correct', draft: resolved.draft, grant },
      now,
    );
    if (isRefusal(handled)) return refused([{ code: handled.code, args: {} }]);
    return { status: 'handled', contract: contract.id, why: 'correct' };
  };
}

/** Whether the file is meant to be one of the contract's, even where it cannot be taken. */
export function isDocument(file: Attachment): boolean {
  return file.kind === 'pdf' || problemWithFile(file).length > 0;
}

/** Whether the author wrote lines of a contract mail, or one of ours that cannot be read: its problem is told all the same. */
export function saysCorrections(text: string): boolean {
  const { fields, problems } = readContractMail('', text);
  const misread = problems.some(({ code }) => code !== 'unknown-label' && !code.startsWith('missing-'));
  const written = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== null);
  return misread || Object.values(fields).some(written);
}

/** The documents of a draft that stay, as they were mailed in. */
export function keptDocuments({ documents }: Contract): Draft['documents'] {
  return documents.map(({ revisions: _, change: __, unread: ___, ...document }) => document);
}

/** A correction need not name what stays. */
export function problemsOfLines({ problems }: ContractMail): Problem[] {
  return problems.filter(({ code }) => !code.startsWith('missing-'));
}

/** What was written takes the place of what was there. */
export function overlay(base: ContractFields, changes: ContractFields): ContractFields {
  const written = Object.entries(changes).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== null,
  );
  return {
    ...base,
    ...Object.fromEntries(written),
    titleFrom: changes.title === null ? base.titleFrom : null,
    counterparties: overlaidCounterparties(base.counterparties, changes.counterparties),
  };
}

/** 「契約相手方2：」 changes that one of several; a line without a number says anew who they all are. */
function overlaidCounterparties(
  base: ContractFields['counterparties'],
  changes: ContractFields['counterparties'],
): ContractFields['counterparties'] {
  if (changes.length === 0) return base;
  if (changes.some(({ number }) => number === null)) return changes;
  const merged = new Map([...base, ...changes].map((counterparty) => [counterparty.number, counterparty]));
  return [...merged.values()].sort((a, b) => a.number! - b.number!);
}
