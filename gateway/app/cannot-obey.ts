/** Why a word of the list does nothing in reply to this mail: whose word it is, or where it belongs (WORDING, "Words for commands"). */
import type { ParticipantId } from '../contract/contract.ts';
import { REGISTRATION_WORDS, type Word, type WordName } from '../mail/words.ts';
import type { Problem } from './answers.ts';

const INITIATORS_WORDS = new Set<WordName>([
  'goAhead',
  'withdraw',
  'resend',
  'extend',
  'changeAddress',
  'add',
]);

/** `line` is what was written. */
export function cannotObey({ word }: Pick<Word, 'word'>, line: string, participant: ParticipantId): Problem {
  if (word === 'askWhich') return { code: 'ask-which', args: {} };
  const args = { line };
  if (participant === 'second' && word !== 'unknown') return { code: 'not-for-second', args };
  if (word === 'approve' || word === 'return') return { code: 'approvers-word', args };
  if (REGISTRATION_WORDS.has(word)) return { code: 'registration-word', args };
  if (!INITIATORS_WORDS.has(word)) return { code: 'unknown-word', args };
  return { code: participant === 'initiator' ? 'add-without-pdf' : 'initiators-word', args };
}
