/** A vendor who replies to one of our mails: passed on to the initiator, and told once whom to call. Nobody's question disappears. */
import { nextCount } from '../../storage/contracts.ts';
import { append } from '../../storage/outbox.ts';
import type { Contract, ParticipantId } from '../contract/contract.ts';
import { contractReferredTo } from './contract-referred-to.ts';
import { dailyCounter } from './daily-counter.ts';
import type { Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';

/** Undefined when the mail is no reply to a contract's mail, or its sender has no part in that contract. */
export async function passOnReply(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
): Promise<Reaction | undefined> {
  const { row, sender } = mail;
  const loaded = await contractReferredTo(dependencies, mail);
  const participant = loaded && vendorWith(loaded.contract, sender);
  if (!loaded || !participant) return undefined;
  const { id: contract, municipality } = loaded.contract;
  return async (tx, now) => {
    const today = await nextCount(tx, municipality, dailyCounter('passed-on', municipality, sender, now));
    if (today > dependencies.settings.passedOnPerDay) {
      return { status: 'quarantined', contract, why: 'passed on often enough today' };
    }
    const payload = JSON.stringify({ message: row.id, participant });
    const entry = { key: `message:${row.id}:pass-on`, type: 'pass-on', payload, notBefore: now };
    await append(tx, [{ ...entry, municipality, contract }], now);
    const first = (await nextCount(tx, municipality, `answered-${contract}-${participant}`)) === 1;
    return {
      status: 'handled',
      contract,
      why: "vendor's reply passed on to the initiator",
      ...(first ? { answer: { type: 'replyPassedOn', contract, participant } as const } : {}),
    };
  };
}

/** The vendor's person with this address, now or before a change of address, or who only receives the result. */
function vendorWith(
  { steps, holderChanges, observers }: Contract,
  address: string,
): ParticipantId | undefined {
  const step = steps.find(({ role, person }) => role !== 'approver' && person.address === address);
  if (step) return step.participant;
  const former = holderChanges.findIndex(({ former: { address: old } }) => old === address);
  if (former >= 0) return `former-${former + 1}`;
  const observer = observers.findIndex((one) => one.address === address);
  return observer < 0 ? undefined : `observer-${observer + 1}`;
}
