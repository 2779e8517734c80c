/** Why a word of the list does nothing in reply to this mail: whose word it is, where it belongs, what came with it (WORDING, "Words for commands"). */
import type { CommandType } from '../contract/commands.ts';
import { type Contract, mayComeAnew, type ParticipantId } from '../contract/contract.ts';
import { type Cell, transitions } from '../contract/transitions.ts';
import type { AttachmentKind } from '../mail/attachment-kind.ts';
import type { ParsedMessage } from '../mail/parse.ts';
import { REGISTRATION_WORDS, type Word, type WordName } from '../mail/words.ts';
import type { Problem } from './answers.ts';
import { saysCorrections } from './correct-draft.ts';

/** What only the initiator may have done to a contract, as the core calls it. */
const INITIATORS_WORDS: Partial<Record<WordName, CommandType>> = {
  goAhead: 'goAhead',
  withdraw: 'withdraw',
  resend: 'resend',
  extend: 'extend',
  changeAddress: 'changeHolder',
  add: 'correct',
};

export function isInitiatorsWord(word: WordName): boolean {
  return word in INITIATORS_WORDS;
}

/** Why a word of the initiator's does nothing as the contract stands, whatever is written beside it; null where it may do something. */
export function againstWord(contract: Contract, word: WordName): Problem | null {
  const command = INITIATORS_WORDS[word];
  // PDFs may bring in anew what has ended.
  if (command === undefined || (word === 'add' && mayComeAnew(contract))) return null;
  const cell: Cell = transitions[contract.state][command];
  return 'refusal' in cell ? { code: cell.refusal, args: {} } : null;
}

/** What nobody attaches by accident; pictures and winmail.dat come along by themselves. */
const DOCUMENTS = new Set<AttachmentKind>(['pdf', 'word', 'zip', 'zip-encrypted']);

/** Some mail systems quote without a mark: from here on it is our receipt, whose lines are the contract's. */
const RECEIPT_BEGINS = '契約書を受け付けました';

/**
 * 「依頼」 with a file, or with lines of the contract below it: whoever wrote that means the contract to leave with them,
 * and it would leave without.
 */
export function againstGoAhead(
  { state }: Pick<Contract, 'state'>,
  { attachments, text }: Pick<ParsedMessage, 'attachments' | 'text'>,
): Problem | null {
  if (state !== 'draft') return null;
  const file = attachments.find(({ kind }) => DOCUMENTS.has(kind));
  if (file) return { code: 'file-with-go-ahead', args: { file: file.fileName } };
  const [own = ''] = text.split(RECEIPT_BEGINS);
  return saysCorrections(own) ? { code: 'lines-with-go-ahead', args: {} } : null;
}

/** `line` is what was written. */
export function cannotObey({ word }: Pick<Word, 'word'>, line: string, participant: ParticipantId): Problem {
  if (word === 'askWhich') return { code: 'ask-which', args: {} };
  const args = { line };
  if (participant === 'second' && word !== 'unknown') return { code: 'not-for-second', args };
  if (word === 'approve' || word === 'return') return { code: 'approvers-word', args };
  if (word === 'reject' && participant !== 'initiator') return { code: 'return-instead', args };
  if (REGISTRATION_WORDS.has(word)) return { code: 'registration-word', args };
  if (!isInitiatorsWord(word)) return { code: 'unknown-word', args };
  return { code: participant === 'initiator' ? 'add-without-pdf' : 'initiators-word', args };
}
