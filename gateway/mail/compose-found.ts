/** Turns contracts that were searched for into the answer's facts and content (R50). */
import type { MailContent } from '../../templates/index.ts';
import * as templates from '../../templates/index.ts';
import type { Contract } from '../contract/contract.ts';
import { type AnswerInput, sender } from './compose-answer.ts';
import { base } from './compose-input.ts';
import { amount, shownState } from './facts.ts';
import type { SearchConditions } from './search-mail.ts';

export interface FoundContracts {
  readonly conditions: SearchConditions;
  readonly whole: boolean;
  readonly found: readonly templates.FoundContract[];
  /** As many of them stand in the text. */
  readonly listed: number;
  /** How many contracts were looked into where there are more; null where all were. */
  readonly cutAt: number | null;
  readonly fileName: string | null;
}

export function foundFact(contract: Contract): templates.FoundContract {
  const vendors = contract.steps.flatMap(({ role, person }) => (role === 'approver' ? [] : [person]));
  return {
    date: contract.contractDate,
    number: contract.number,
    title: contract.title,
    counterparties: [...new Set(vendors.map(({ company, name }) => company || name))],
    amount: amount(contract),
    state: shownState(contract),
  };
}

export function composeFound(input: AnswerInput, searched: FoundContracts): MailContent {
  const { conditions, whole, found, listed, cutAt, fileName } = searched;
  return templates.foundContracts({
    ...base(input),
    sender: sender(input),
    conditions,
    whole,
    contracts: found.slice(0, listed),
    count: found.length,
    cutAt,
    fileName,
  });
}
