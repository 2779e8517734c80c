/** 「控え」 from a registered vendor: which contracts it concluded, for its own address only (R36). */
import { concludedContracts, nextCount } from '../../storage/contracts.ts';
import type { Tx } from '../../storage/database.ts';
import type { Contract } from '../contract/contract.ts';
import type { AnswerContent } from './answers.ts';
import { dailyCounter } from './daily-counter.ts';
import type { Outcome, Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';

/** Answers a proven sender who is not staff, as often as a day allows. */
export async function answerStranger(
  { settings }: Pick<ReceiveDependencies, 'settings'>,
  tx: Tx,
  { row, sender }: ReceivedMail,
  now: string,
  outcome: Outcome,
): Promise<Outcome> {
  const counter = dailyCounter('stranger', row.municipality, sender, now);
  const count = await nextCount(tx, row.municipality, counter);
  if (count <= settings.strangerAnswersPerDay) return outcome;
  return { status: 'refused', why: `${outcome.why}; answered often enough today` };
}

/** An address without a registration is answered as any stranger's. */
export async function listForVendor(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
): Promise<Reaction> {
  const { database, store, registry, settings } = dependencies;
  const { row, sender } = mail;
  const registered = await registry.find(database.knex, row.municipality, { address: sender });
  if (registered.length === 0) {
    const outcome = { status: 'refused', answer: { type: 'notStaff' }, why: 'sender is not staff' } as const;
    return (tx, now) => answerStranger(dependencies, tx, mail, now, outcome);
  }
  const own: { contract: string; participant: string }[] = [];
  for (const id of await concludedContracts(database.knex, row.municipality)) {
    const participant = participantOf((await store.load(database.knex, id))!.contract, sender);
    if (participant !== undefined) own.push({ contract: id, participant });
  }
  const answer: AnswerContent = {
    type: 'contractList',
    contracts: own.slice(0, settings.copiesListed),
    more: Math.max(0, own.length - settings.copiesListed),
  };
  const why = `${own.length} contracts of a registered vendor`;
  return (tx, now) => answerStranger(dependencies, tx, mail, now, { status: 'handled', answer, why });
}

/** The vendor's person with this address. */
function participantOf({ steps }: Contract, address: string): string | undefined {
  return steps.find(({ role, person }) => role !== 'approver' && person.address === address)?.participant;
}
