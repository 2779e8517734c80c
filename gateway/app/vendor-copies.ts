/** 「控え」 from a registered vendor: which contracts it concluded, for its own address only (R36). */
import { concludedContracts, nextCount } from '../../storage/contracts.ts';
import type { Tx } from '../../storage/database.ts';
import type { Contract } from '../contract/contract.ts';
import type { AnswerContent } from './answers.ts';
import { dailyCounter } from './daily-counter.ts';
import type { Outcome, Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';

/** At most so many answers a day to an address that is proven but not staff. */
const ANSWERS_PER_STRANGER_AND_DAY = 3;
/** As many links as one mail can hold and still be read. */
const CONTRACTS_PER_LIST = 50;

/** Answers a proven sender who is not staff, as often as a day allows. */
export async function answerStranger(
  tx: Tx,
  { row, sender }: ReceivedMail,
  now: string,
  outcome: Outcome,
): Promise<Outcome> {
  const counter = dailyCounter('stranger', row.municipality, sender, now);
  const count = await nextCount(tx, row.municipality, counter);
  if (count <= ANSWERS_PER_STRANGER_AND_DAY) return outcome;
  return { status: 'refused', why: `${outcome.why}; answered often enough today` };
}

/** An address without a registration is answered as any stranger's. */
export async function listForVendor(
  { database, store, registry }: ReceiveDependencies,
  mail: ReceivedMail,
): Promise<Reaction> {
  const { row, sender } = mail;
  const registered = await registry.find(database.knex, row.municipality, { address: sender });
  if (registered.length === 0) {
    const outcome = { status: 'refused', answer: { type: 'notStaff' }, why: 'sender is not staff' } as const;
    return (tx, now) => answerStranger(tx, mail, now, outcome);
  }
  const own: { contract: string; participant: string }[] = [];
  for (const id of await concludedContracts(database.knex, row.municipality)) {
    const participant = participantOf((await store.load(database.knex, id))!.contract, sender);
    if (participant !== undefined) own.push({ contract: id, participant });
  }
  const answer: AnswerContent = {
    type: 'contractList',
    contracts: own.slice(0, CONTRACTS_PER_LIST),
    more: Math.max(0, own.length - CONTRACTS_PER_LIST),
  };
  const why = `${own.length} contracts of a registered vendor`;
  return (tx, now) => answerStranger(tx, mail, now, { status: 'handled', answer, why });
}

/** The vendor's person with this address. */
function participantOf({ steps }: Contract, address: string): string | undefined {
  return steps.find(({ role, person }) => role !== 'approver' && person.address === address)?.participant;
}
