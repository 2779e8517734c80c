/** From what a contract mail says to a Draft; or every problem at once. */

import { findContractByNumber } from '../../storage/contracts.ts';
import { oneLine } from '../../templates/escape.ts';
import type { Draft, Person, Terms } from '../contract/contract.ts';
import { addDays, jstDate, workingDay } from '../contract/jst.ts';
import type { ContractFields } from '../mail/contract-fields.ts';
import type { Person as NamedPerson } from '../mail/persons.ts';
import { checkDocuments, isWorks } from './document-checks.ts';
import { readTexts } from './document-texts.ts';
import { checkMail, type Finding, finding } from './draft-checks.ts';
import { fileFindings, resolveDocuments } from './draft-documents.ts';
import type { DraftDependencies, DraftInput, DraftProblem } from './draft-input.ts';
import { resolveObservers, resolveSteps } from './draft-people.ts';

export async function resolveDraft(
  dependencies: DraftDependencies,
  input: DraftInput,
): Promise<{ draft: Draft } | { problems: DraftProblem[] }> {
  const { fields, initiator, now } = input;
  const { settings } = dependencies;
  const problems: DraftProblem[] = [];
  const today = jstDate(now);

  const steps = await resolveSteps(dependencies, input, problems);
  const observers = await resolveObservers(dependencies, input, problems);
  const documents = await resolveDocuments(dependencies, input, problems);

  if (fields.deadline !== null && fields.deadline < today) problems.push({ code: 'deadline-past', args: {} });
  const planned = fields.plannedDate;
  const deadline =
    fields.deadline ??
    (planned !== null && planned >= today
      ? planned
      : workingDay(addDays(today, settings.deadlineDays), dependencies.isDayOff));

  if (fields.title === null) problems.push({ code: 'missing-title', args: {} });
  // Found out now, or it would hold the contract up after the last consent.
  for (const text of certifiedTexts(
    fields,
    [initiator, ...steps.map(({ person }) => person), ...observers],
    steps,
    documents,
  )) {
    for (const { character, codePoints } of dependencies.missingGlyphs(text)) {
      problems.push({ code: 'missing-glyph', args: { text, value: character, codePoints } });
    }
  }
  if (problems.length > 0 || fields.title === null) return { problems: unique(problems) };
  const { blobs, readPdfText } = dependencies;
  const read = await readTexts(blobs, input.owner, documents, readPdfText, settings.readableOctets);
  const draft: Omit<Draft, 'warnings'> = {
    kind: fields.kind ?? 'contract',
    title: fields.title,
    terms: termsOf(fields),
    initiator,
    steps: steps.map((step, index) => ({ participant: `step-${index + 1}`, ...step })),
    observers,
    documents: documents.map((document, index) =>
      read[index]!.pages === null ? { ...document, unread: true } : document,
    ),
    deadline,
  };
  const { checks, rollout } = input.municipality;
  const { isDayOff } = dependencies;
  const deadlineWritten = deadline === fields.deadline || deadline === planned;
  const findings = [
    ...checkMail({
      ...{ fields, draft, deadlineWritten, checks, rollout, isDayOff, today },
      freeMailDomains: settings.freeMailDomains,
    }),
    ...fileFindings(input.attachments, documents),
    ...(await originalFindings(dependencies, input, draft.kind)),
    ...(isWorks(draft.title, read) ? await declarationFindings(dependencies, input, draft.steps) : []),
    ...checkDocuments(read, { fields, steps: draft.steps, checks }),
  ];
  const refused = findings.filter(({ severity }) => severity === 'refuse');
  if (refused.length > 0)
    return { problems: unique(refused.map(({ code, args }) => ({ code: `check:${code}`, args }))) };
  return { draft: { ...draft, warnings: findings.map(({ code, args }) => ({ code, args })) } };
}

/** R17: the contract that is amended, by its number here or by words for one on paper. */
async function originalFindings(
  { tx }: DraftDependencies,
  { municipality, fields: { original } }: DraftInput,
  kind: Draft['kind'],
): Promise<readonly Finding[]> {
  if (original === null) return kind === 'amendment' ? finding('warn', 'amendment-without-original') : [];
  const [number] = /^\d{4}-\d{4,}$/.exec(original.replace(/^受付\s*/, '')) ?? [];
  if (number === undefined) return [];
  const row = await findContractByNumber(tx, municipality.id, number);
  if (row === undefined) return finding('warn', 'original-not-found', { value: number });
  return row.state === 'concluded' ? [] : finding('warn', 'original-not-concluded', { value: number });
}

/** R7b: each party to a contract for works has agreed beforehand that it may be electronic. */
async function declarationFindings(
  { tx, registry }: DraftDependencies,
  { municipality }: DraftInput,
  steps: Draft['steps'],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { role, person, receiptNumber } of steps) {
    if (role !== 'signatory') continue;
    const { inForce } = await registry.standing(tx, municipality.id, { address: person.address });
    const row = inForce.find(({ receipt_number }) => receipt_number === receiptNumber);
    if (row?.declared_version == null)
      findings.push(
        ...finding(municipality.checks.worksDeclaration, 'no-declaration', {
          value: person.company ?? person.name,
        }),
      );
  }
  return findings;
}

function termsOf(fields: ContractFields): Terms {
  const { amount, term, method, noticeDate, announced, accessCode } = fields;
  return {
    amountYen: amount?.yen ?? null,
    amountTax: amount?.tax ?? null,
    ...(amount?.unit === undefined ? {} : { amountUnit: amount.unit }),
    plannedDate: fields.plannedDate,
    effectiveDate: fields.effectiveDate,
    periodFrom: term?.from ?? null,
    periodTo: term?.to ?? null,
    contractNumber: fields.contractNumber,
    approvalNumber: fields.approvalNumber,
    authority: fields.authority,
    original: fields.original,
    bond: fields.guarantee,
    message: fields.note,
    ...(method === null ? {} : { method }),
    ...(noticeDate === null ? {} : { noticeDate }),
    ...(announced === null ? {} : { announced }),
    ...(accessCode === null ? {} : { accessCode }),
  };
}

/** Everything of a draft that the certificate will print (R42). */
function certifiedTexts(
  fields: ContractFields,
  people: readonly Person[],
  steps: readonly { receiptNumber: string | null }[],
  documents: Draft['documents'],
): string[] {
  const { title, contractNumber, approvalNumber, original, guarantee } = fields;
  const boxes = documents.flatMap((document) => document.boxes);
  const receipts = steps.map(({ receiptNumber }) => receiptNumber);
  const texts = [
    title,
    contractNumber,
    approvalNumber,
    original,
    guarantee,
    ...people.flatMap((person) => Object.values(person)),
    ...receipts,
    ...documents.flatMap(({ name, fileName }) => [name, fileName]),
    ...boxes.flatMap(({ label, options }) => [label, ...options.map((option) => option.label)]),
  ];
  return texts.filter((text) => text !== null).map(oneLine);
}

function unique(problems: readonly DraftProblem[]): DraftProblem[] {
  const seen = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...seen.values()];
}

/** The fields that led to a stored draft, for a correction to be laid over. */
export function fieldsOf(draft: Draft): ContractFields {
  const { terms } = draft;
  const vendors = (role: 'signatory' | 'checker'): NamedPerson[] =>
    draft.steps.filter((step) => step.role === role).map(({ person }) => ({ address: person.address }));
  const approver = draft.steps.find(({ role }) => role === 'approver')?.person;
  const named = ({ name, address, title }: Person): NamedPerson => ({
    name,
    address,
    ...(title === null ? {} : { title }),
  });
  return {
    title: draft.title,
    titleFrom: draft.warnings.some(({ code }) => code === 'title-from-subject') ? 'subject' : null,
    kind: draft.kind,
    counterparties: vendors('signatory').map((person, index) => ({ number: index + 1, person })),
    checker: vendors('checker')[0] ?? null,
    approver: approver ? named(approver) : null,
    observers: draft.observers.map(named),
    contractNumber: terms.contractNumber,
    amount:
      terms.amountYen === null
        ? null
        : {
            yen: terms.amountYen,
            tax: terms.amountTax,
            ...(terms.amountUnit === undefined ? {} : { unit: terms.amountUnit }),
          },
    plannedDate: terms.plannedDate,
    effectiveDate: terms.effectiveDate,
    term:
      terms.periodFrom || terms.periodTo ? { from: terms.periodFrom, to: terms.periodTo, text: '' } : null,
    // A deadline that came from the planned date goes along with it.
    deadline: draft.deadline === terms.plannedDate ? null : draft.deadline,
    method: terms.method ?? null,
    noticeDate: terms.noticeDate ?? null,
    announced: terms.announced ?? null,
    accessCode: terms.accessCode ?? null,
    approvalNumber: terms.approvalNumber,
    authority: terms.authority,
    original: terms.original,
    guarantee: terms.bond,
    documents: [],
    decidedDigests: [],
    note: terms.message,
  };
}
