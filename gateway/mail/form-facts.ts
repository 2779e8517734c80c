/** What a contract mail has said, for the mails that tell how its contract ended: the initiator copies from it what is to change (R29). */
import type * as templates from '../../templates/index.ts';
import { jstDate } from '../contract/jst.ts';
import type { ComposeInput } from './compose-input.ts';
import { amount, announced, participants } from './facts.ts';

/** What is read again when it comes back; a deadline that is over, or that only followed the planned date, is not asked for again. */
export function filledForm({ contract, now }: Pick<ComposeInput, 'contract' | 'now'>): templates.FilledForm {
  const { title, kind, terms, deadline, documents } = contract;
  const { plannedDate, effectiveDate, periodFrom, periodTo, contractNumber } = terms;
  const isWritten = deadline !== plannedDate && deadline >= jstDate(now);
  return {
    ...{ title, kind, plannedDate, effectiveDate, contractNumber },
    participants: participants(contract),
    amount: amount(contract),
    term: { from: periodFrom, to: periodTo },
    deadline: isWritten ? deadline : null,
    method: terms.method ?? null,
    noticeDate: terms.noticeDate ?? null,
    announced: announced(contract),
    decisionNumber: terms.approvalNumber,
    authority: terms.authority,
    original: terms.original,
    guarantee: terms.bond,
    message: terms.message,
    documents: documents.map(({ name, fileName }) => ({ title: name, fileName })),
  };
}
