/** The words a participant may write now, each as it has to be written, and what an 「承認」 would be bound to. */
import type { DocumentFacts } from '../../templates/index.ts';
import { type Contract, isLastStep, type ParticipantId } from '../contract/contract.ts';
import { documentFacts } from './facts.ts';
import { nearWord } from './near-words.ts';
import type { WordName } from './words.ts';

export interface WordsFor {
  readonly contract: Contract;
  readonly participant: ParticipantId;
  /** Whether staff must type four digits beside 「承認」, and which. */
  readonly code: string | null;
}

/** How each word is to be written by this participant now. */
export const WORDS: Partial<Record<WordName, (input: WordsFor) => string>> = {
  goAhead: ({ contract }) => (contract.warnings.length > 0 ? '依頼 確認済' : '依頼'),
  approve: ({ code }) => (code === null ? '承認' : `承認 ${code}`),
  return: () => '差戻し',
  withdraw: () => '中止',
  resend: () => '再送',
  extend: () => '延長 令和○年○月○日',
  changeAddress: () => '宛先変更 新しいメールアドレス',
};

function isTheirTurn({ contract, participant }: WordsFor): boolean {
  return contract.state === 'awaiting' && contract.steps[contract.step]?.participant === participant;
}

/** The answer carries a fresh reply secret, bound to these documents as they stand. */
export function approvable(input: WordsFor): DocumentFacts[] {
  const { contract } = input;
  const mayApprove = isTheirTurn(input) && contract.steps[contract.step]!.role === 'approver';
  return mayApprove ? documentFacts(contract) : [];
}

/** The word that was meant by a line that is none, as it has to be written; null where nobody knows, or it may not be written now. */
export function meantWord(input: WordsFor, line: string): string | null {
  const near = nearWord(line);
  const word = near === null ? undefined : (WORDS[near]?.(input) ?? line);
  return word !== undefined && possibleWords(input).includes(word) ? word : null;
}

/** What line 1 of a reply may say now. */
export function possibleWords(input: WordsFor): string[] {
  const { contract, participant } = input;
  const say = (...names: (keyof typeof WORDS)[]): string[] => names.map((name) => WORDS[name]!(input));
  const readable = ['状況', '控え'];
  const changeable = contract.steps.some(({ role, consent }) => role !== 'approver' && !consent);
  const change = changeable ? say('changeAddress') : [];
  if (participant === 'second') {
    const open = contract.state === 'preparing' || contract.state === 'awaiting';
    return open && contract.proposedChange?.settled === null ? say('approve', 'return') : [];
  }
  if (participant !== 'initiator') {
    return [...(isTheirTurn(input) ? say('approve', 'return') : []), ...readable];
  }
  switch (contract.state) {
    case 'draft':
      return [...say('goAhead', 'withdraw'), ...readable];
    case 'preparing':
      return [...say('withdraw', 'extend'), ...change, ...readable];
    case 'awaiting':
      return [...say('withdraw', 'resend', 'extend'), ...change, ...readable];
    case 'sealing':
      return isLastStep(contract, contract.step)
        ? readable
        : [...say('withdraw', 'extend'), ...change, ...readable];
    default:
      return readable;
  }
}
