/** Which of a municipality's contracts are in whose hands this morning: pure, for the summary that staff are mailed. */
import type { SummaryItem, SummarySection } from '../../templates/index.ts';
import { type Contract, pastNoReturn } from '../contract/contract.ts';
import { addDays, jstDate } from '../contract/jst.ts';
import { person } from '../mail/facts.ts';

export interface Morning {
  /** yyyy-mm-dd in Japan. */
  readonly today: string;
  /** ISO UTC: what was concluded from here on has not been told yet. */
  readonly since: string;
  /** Days before the deadline from which a contract is shown as due. */
  readonly dueDays: number;
}

/** Addresses of the staff for whom this contract is news or work. */
export function concernedBy(contract: Contract): string[] {
  const holder = contract.state === 'awaiting' ? contract.steps[contract.step] : undefined;
  const approver = holder?.role === 'approver' ? [holder.person.address] : [];
  return [...new Set([contract.initiator.address, ...approver])];
}

/** The contract as the member of staff with this address sees it; null where it is none of theirs any more. */
export function summaryItem(
  contract: Contract,
  address: string,
  morning: Morning,
): { readonly section: SummarySection; readonly item: SummaryItem } | null {
  const { number, title, deadline, state } = contract;
  const { since } = morning;
  const holder = state === 'awaiting' ? contract.steps[contract.step]! : null;
  const item = { number, title, deadline, awaited: holder && person(holder.person) };
  if (holder?.role === 'approver' && holder.person.address === address) return { section: 'toApprove', item };
  if (contract.initiator.address !== address) return null;
  switch (state) {
    case 'draft':
      return { section: 'drafts', item: { ...item, deadline: jstDate(contract.expiresAt) } };
    case 'preparing':
    case 'sealing':
    case 'concluding':
      return { section: dueOr('waiting', contract, morning), item };
    case 'awaiting':
      return { section: isUndelivered(contract) ? 'undelivered' : dueOr('waiting', contract, morning), item };
    case 'concluded':
      return contract.concludedAt !== null && contract.concludedAt >= since
        ? { section: 'concluded', item }
        : null;
    case 'declined':
    case 'withdrawn':
    case 'expired':
      return null;
  }
}

function dueOr(otherwise: 'waiting', contract: Contract, { today, dueDays }: Morning): 'due' | 'waiting' {
  return !pastNoReturn(contract) && contract.deadline <= addDays(today, dueDays) ? 'due' : otherwise;
}

/** Whether the newest request to whose turn it is came back. */
function isUndelivered({ steps, step, deliveries }: Contract): boolean {
  const holder = steps[step]?.participant;
  return (
    deliveries.findLast(({ recipient, kind }) => recipient === holder && /Request$/.test(kind))?.outcome ===
    'failed'
  );
}
