/** The one function through which every change of a contract passes: load, decide, save events and row, append outbox entries. */
import type { BlobOwner } from '../../storage/blobs/blobs.ts';
import type { Tx } from '../../storage/database.ts';
import { append, type OutboxEntry } from '../../storage/outbox.ts';
import type { Command, DecisionContext, OpenContract } from '../contract/commands.ts';
import type { Contract } from '../contract/contract.ts';
import { decide, open } from '../contract/decide.ts';
import { type Effect, effectsOf } from '../contract/effects.ts';
import type { Event } from '../contract/events.ts';
import { isRefusal, type Refusal } from '../contract/refusals.ts';
import type { ContractStore } from './contract-store.ts';

export interface Handled {
  readonly contract: Contract;
  readonly events: readonly Event[];
}

export interface CommandHandler {
  open(tx: Tx, owner: BlobOwner, command: OpenContract, now: string): Promise<Handled>;
  /** Refusals leave no trace in the contract. Throws when there is no such contract. */
  handle(tx: Tx, id: string, command: Command, now: string): Promise<Handled | Refusal>;
}

export function commandHandler(store: ContractStore, settings: Omit<DecisionContext, 'now'>): CommandHandler {
  return {
    async open(tx, owner, command, now) {
      const handled = await store.create(tx, owner, open(command, { ...settings, now }), now);
      await appendEffects(tx, handled, now);
      return handled;
    },
    async handle(tx, id, command, now) {
      const loaded = await store.lock(tx, id);
      if (!loaded) throw new Error(`no contract ${id}`);
      const decision = decide(loaded.contract, command, { ...settings, now });
      if (isRefusal(decision)) return decision;
      const handled = await store.append(tx, loaded, decision, now);
      await appendEffects(tx, handled, now);
      return handled;
    },
  };
}

async function appendEffects(tx: Tx, { contract, events }: Handled, now: string): Promise<void> {
  const entries = events.flatMap((event) =>
    effectsOf(event).map((effect) => toEntry(contract, event.seq, effect, now)),
  );
  await append(tx, entries, now);
}

/** Key: contractId:seq:effect:recipient (decided 5). */
function toEntry(contract: Contract, seq: number, effect: Effect, now: string): OutboxEntry {
  const [what, whom] =
    effect.type === 'mail'
      ? [effect.mail, effect.recipient]
      : effect.type === 'remind'
        ? [`remind-${effect.days}`, `step-${effect.step + 1}`]
        : [effect.type, 'document' in effect ? effect.document : 'contract'];
  return {
    key: `${contract.id}:${seq}:${what}:${whom}`,
    municipality: contract.municipality,
    contract: contract.id,
    type: effect.type,
    payload: JSON.stringify(effect),
    notBefore: 'notBefore' in effect ? effect.notBefore : now,
  };
}
