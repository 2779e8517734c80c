/** A request that was delivered but that no person has opened: its initiator hears of it once, some working days later. */
import type { Tx } from '../../storage/database.ts';
import { ensure } from '../../storage/outbox.ts';
import type { ContractStore } from '../app/contract-store.ts';
import type { Contract } from '../contract/contract.ts';
import type { Effect } from '../contract/effects.ts';
import { addDays, jstDate, jstMorning } from '../contract/jst.ts';
import { isDayOff } from './holidays.ts';
import type { Performer } from './performer.ts';

/** Outbox key of the request, and whom it asked. */
interface Watch {
  readonly mail: string;
  readonly participant: string;
  readonly generation: number;
}

/** Notes that the request `mail` is to be looked after in the morning `days` working days from `now` (ISO). */
export async function watchRequest(
  tx: Tx,
  { id, municipality, steps }: Contract,
  { mail, participant }: Pick<Watch, 'mail' | 'participant'>,
  days: number,
  now: string,
): Promise<void> {
  const step = steps.find((one) => one.participant === participant);
  if (!step) return;
  const payload = JSON.stringify({ mail, participant, generation: step.generation } satisfies Watch);
  const entry = { key: `${mail}:unopened`, municipality, contract: id, type: 'unopened', payload };
  await ensure(tx, { ...entry, notBefore: jstMorning(afterWorkingDays(jstDate(now), days)) }, now);
}

export function unopenedPerformer(store: ContractStore): Performer {
  return async (entry) => async (tx, now) => {
    const { mail, participant, generation }: Watch = JSON.parse(entry.payload);
    const loaded = await store.load(tx, entry.contract!);
    const step =
      loaded?.contract.state === 'awaiting' ? loaded.contract.steps[loaded.contract.step] : undefined;
    // Answered, ended, or asked anew under another link.
    if (step?.participant !== participant || step.generation !== generation) return;
    if (step.opened?.generation === generation) return;
    const effect: Effect = { type: 'mail', mail: 'notOpened', recipient: 'initiator', about: mail };
    const payload = JSON.stringify(effect);
    const { municipality, contract } = entry;
    const notice = { key: `${mail}:notOpened`, municipality, contract, type: 'mail', payload };
    await ensure(tx, { ...notice, notBefore: now }, now);
  };
}

function afterWorkingDays(from: string, days: number): string {
  let day = from;
  for (let left = days; left > 0; ) {
    day = addDays(day, 1);
    if (!isDayOff(day)) left--;
  }
  return day;
}
