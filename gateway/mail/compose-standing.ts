/** How a contract stands for whoever asks about it or wrote a word that did nothing: its former and newer selves, and what can be done now. */
import type * as templates from '../../templates/index.ts';
import { type Contract, mayComeAnew } from '../contract/contract.ts';
import { initiator, shownState } from './facts.ts';
import { possibleWords, type WordsFor } from './possible-words.ts';
import { AUDITOR } from './rights.ts';

export interface StandingFor extends WordsFor {
  /** What the contract came in anew as, as far as the recipient has a part in that. */
  readonly newest: Contract | null;
}

/** What it came in anew from and as, and what its recipient may do now. */
export function standing(input: StandingFor): templates.Standing {
  const { contract, newest } = input;
  return {
    formerNumber: contract.formerNumber ?? null,
    newest: newest && { number: newest.number, title: newest.title, state: shownState(newest) },
    possibleWords: possibleWords(input),
    beyond: beyondWords(input),
  };
}

function beyondWords({ contract, participant, newest }: StandingFor): templates.Standing['beyond'] {
  const ended =
    contract.state === 'declined' || contract.state === 'withdrawn' || contract.state === 'expired';
  if (participant === AUDITOR) return null;
  if (participant !== 'initiator') return ended && newest === null ? { ask: initiator(contract) } : null;
  if (contract.state === 'draft') return 'correct';
  if (!ended || newest !== null || contract.ending?.paper) return null;
  return mayComeAnew(contract) ? 'anew' : 'newMail';
}
