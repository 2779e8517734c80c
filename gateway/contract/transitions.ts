/** The contract's life as one table: what each state makes of each command. A missing cell does not compile. */
import type { CommandType } from './commands.ts';
import type { State } from './contract.ts';
import type { RefusalCode } from './refusals.ts';

/** Either the states the command may lead to (guards in decide.ts may still refuse), or the answer it gets here. */
export type Cell = { readonly to: readonly State[] } | { readonly refusal: RefusalCode };

const to = (...states: State[]): Cell => ({ to: states });
const no = (refusal: RefusalCode): Cell => ({ refusal });

const ended = (refusal: RefusalCode, self: State): Record<CommandType, Cell> => ({
  correct: no(refusal),
  goAhead: no(refusal),
  recordPrepared: no('stale'),
  consent: no(refusal),
  takeBack: no(refusal),
  decline: no(refusal),
  withdraw: no(refusal),
  resend: no(refusal),
  extend: no(refusal),
  changeHolder: no(refusal),
  settleHolderChange: no(refusal),
  remind: no('stale'),
  requestLink: no(refusal),
  expire: no('stale'),
  recordSealed: no('stale'),
  recordConcluded: no('stale'),
  recordCertified: no('stale'),
  recordRenewed: no('stale'),
  recordDelivery: to(self),
});

export const transitions = {
  draft: {
    correct: to('draft'),
    goAhead: to('preparing'),
    recordPrepared: no('stale'),
    consent: no('not-yet-sent'),
    takeBack: no('not-yet-sent'),
    decline: no('not-yet-sent'),
    withdraw: to('withdrawn'),
    resend: no('not-yet-sent'),
    extend: no('not-yet-sent'),
    changeHolder: no('correct-the-draft'),
    settleHolderChange: no('nothing-proposed'),
    remind: no('stale'),
    requestLink: no('not-yet-sent'),
    expire: to('expired'),
    recordSealed: no('stale'),
    recordConcluded: no('stale'),
    recordCertified: no('stale'),
    recordRenewed: no('stale'),
    recordDelivery: to('draft'),
  },
  preparing: {
    correct: no('already-sent'),
    goAhead: no('already-sent'),
    recordPrepared: to('preparing', 'awaiting'),
    consent: no('not-yet-sent'),
    takeBack: no('not-yet-sent'),
    decline: no('not-yet-sent'),
    withdraw: to('withdrawn'),
    resend: no('not-yet-sent'),
    extend: to('preparing'),
    changeHolder: to('preparing'),
    settleHolderChange: to('preparing'),
    remind: no('stale'),
    requestLink: no('not-yet-sent'),
    expire: to('expired'),
    recordSealed: no('stale'),
    recordConcluded: no('stale'),
    recordCertified: no('stale'),
    recordRenewed: no('stale'),
    recordDelivery: to('preparing'),
  },
  awaiting: {
    correct: no('already-sent'),
    goAhead: no('already-sent'),
    recordPrepared: no('stale'),
    consent: to('sealing', 'awaiting'),
    takeBack: to('awaiting'),
    decline: to('declined'),
    withdraw: to('withdrawn'),
    resend: to('awaiting'),
    extend: to('awaiting'),
    changeHolder: to('awaiting'),
    settleHolderChange: to('awaiting'),
    remind: to('awaiting'),
    requestLink: to('awaiting'),
    expire: to('expired'),
    recordSealed: no('stale'),
    recordConcluded: no('stale'),
    recordCertified: no('stale'),
    recordRenewed: no('stale'),
    recordDelivery: to('awaiting'),
  },
  sealing: {
    correct: no('already-sent'),
    goAhead: no('already-sent'),
    recordPrepared: no('stale'),
    consent: no('already-consented'),
    takeBack: to('awaiting'),
    decline: no('not-your-turn'),
    withdraw: to('withdrawn'),
    resend: no('busy'),
    extend: to('sealing'),
    changeHolder: to('sealing'),
    settleHolderChange: to('sealing'),
    remind: no('stale'),
    requestLink: no('busy'),
    expire: to('expired'),
    recordSealed: to('sealing', 'awaiting', 'concluding'),
    recordConcluded: no('stale'),
    recordCertified: no('stale'),
    recordRenewed: no('stale'),
    recordDelivery: to('sealing'),
  },
  concluding: {
    correct: no('already-sent'),
    goAhead: no('already-sent'),
    recordPrepared: no('stale'),
    consent: no('already-consented'),
    takeBack: no('too-late-to-take-back'),
    decline: no('already-consented'),
    withdraw: no('too-late-to-withdraw'),
    resend: no('busy'),
    extend: no('already-concluded'),
    changeHolder: no('already-concluded'),
    settleHolderChange: no('already-concluded'),
    remind: no('stale'),
    requestLink: no('busy'),
    expire: no('stale'),
    recordSealed: no('stale'),
    recordConcluded: to('concluding'),
    recordCertified: to('concluded'),
    recordRenewed: no('stale'),
    recordDelivery: to('concluding'),
  },
  concluded: {
    ...ended('already-concluded', 'concluded'),
    takeBack: no('too-late-to-take-back'),
    withdraw: no('too-late-to-withdraw'),
    requestLink: to('concluded'),
    recordRenewed: to('concluded'),
  },
  declined: ended('declined', 'declined'),
  withdrawn: ended('withdrawn', 'withdrawn'),
  expired: ended('expired', 'expired'),
} satisfies Record<State, Record<CommandType, Cell>>;

/** The table as Markdown, for people (golden file). */
export function renderTransitions(): string {
  const table: Record<State, Record<CommandType, Cell>> = transitions;
  const states = Object.keys(table) as State[];
  const commands = Object.keys(table.draft) as CommandType[];
  const cell = (value: Cell): string => ('to' in value ? value.to.join(' / ') : `✗ ${value.refusal}`);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['command', ...states]),
    row(['---', ...states.map(() => '---')]),
    ...commands.map((command) => row([command, ...states.map((state) => cell(table[state][command]))])),
    '',
  ].join('\n');
}
