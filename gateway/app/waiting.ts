/** PDF work that waits for somebody else's answer or was set aside: how a contract stands, and the one notice its initiator gets of it. */
import type { Tx } from '../../storage/database.ts';
import {
  type ClaimedEntry,
  ensure,
  type OutboxEntry,
  parkedOf,
  type WaitingEntry,
  waitingEntries,
} from '../../storage/outbox.ts';
import type { AwaitedFrom, Waiting, WaitingWork } from '../../templates/index.ts';
import type { Contract, ParticipantId, State } from '../contract/contract.ts';
import type { Effect, StopCause } from '../contract/effects.ts';
import { addSeconds } from '../contract/jst.ts';

/** The state in which each kind of work still matters. */
const STATE_OF: Readonly<Record<WaitingWork, State>> = {
  prepare: 'preparing',
  seal: 'sealing',
  conclude: 'concluding',
  certify: 'concluding',
};
const AWAITED: readonly AwaitedFrom[] = ['timestamp', 'revocation', 'key'];

/** What `contract` waits for now, in the phase `phase` (`contractId:seq`) where one is given; null when nothing fails. */
export async function waitingOf(
  tx: Tx,
  contract: Contract,
  phase: string | null = null,
): Promise<Waiting | null> {
  const entries = (await waitingEntries(tx, contract.id)).filter(
    (entry) => isCurrent(entry, contract) && (phase === null || phase === phaseOf(entry)),
  );
  const [longest] = entries;
  if (!longest) return null;
  const untils = entries.map(({ until }) => until);
  return {
    work: longest.type as WaitingWork,
    awaits: awaitedFrom(longest),
    since: longest.since,
    until: untils.every((until) => until !== null) ? untils.sort().at(-1)! : null,
  };
}

/** The work of `contract`, in the phase `phase` where one is given, that was set aside; null when none was. */
export async function stoppedWork(
  tx: Tx,
  contract: Contract,
  phase: string | null = null,
): Promise<WaitingWork | null> {
  const found = (await parkedOf(tx, contract.id)).find(
    (entry) => isCurrent(entry, contract) && (phase === null || phase === phaseOf(entry)),
  );
  return (found?.type as WaitingWork | undefined) ?? null;
}

/** Whose request no mail server has taken so far, of the phase `phase` where one is given, and since when it is tried (ISO). */
export async function deferredRequests(
  tx: Tx,
  { id, state, steps, step }: Contract,
  phase: string | null = null,
): Promise<ReadonlyMap<ParticipantId, string>> {
  const asked = state === 'awaiting' ? steps[step]?.participant : undefined;
  const since = (await waitingEntries(tx, id)).flatMap((entry): [ParticipantId, string][] => {
    const effect: Effect = JSON.parse(entry.payload);
    return isRequest(effect) && effect.recipient === asked && (phase === null || phase === phaseOf(entry))
      ? [[effect.recipient, entry.since]]
      : [];
  });
  return new Map(since);
}

function isRequest(effect: Effect): effect is Extract<Effect, { type: 'mail' }> {
  return effect.type === 'mail' && /^(check|signature|approval)Request$/.test(effect.mail);
}

/** Whose answer it is, of those that words are found for. */
export function awaitedFrom({ awaits }: Pick<WaitingEntry, 'awaits'>): AwaitedFrom {
  return AWAITED.find((one) => one === awaits) ?? null;
}

/** A take-back leaves work behind that ends by itself at its next try. */
function isCurrent({ type, payload }: Pick<OutboxEntry, 'type' | 'payload'>, contract: Contract): boolean {
  if (!isWork(type) || STATE_OF[type] !== contract.state) return false;
  const effect: Effect = JSON.parse(payload);
  return effect.type !== 'seal' || effect.attempt === contract.attempt;
}

/** Whether an entry of this type is a contract's PDF work. */
export function isWork(type: string): type is WaitingWork {
  return type in STATE_OF;
}

/** `contractId:seq`: what one event asked for waits as one, all documents of a step or of a conclusion; else the key. */
export function phaseOf({ key, contract }: Pick<WaitingEntry, 'key' | 'contract'>): string {
  const [id, seq] = key.split(':');
  return id === contract ? `${id}:${seq}` : key;
}

/**
 * Has the initiator told, once for each phase, when work still waits `minutes` after its first failure, or a request that
 * no mail server takes `requestHours` after it. The mail is noted with that failure, so no crash loses it; when it is
 * due and nothing waits any more, it is not sent.
 */
export function noticeOfDelay(
  minutes: number,
  requestHours: number,
): (tx: Tx, entry: ClaimedEntry, since: string, now: string) => Promise<void> {
  return async (tx, entry, since, now) => {
    if (entry.contract === null) return;
    const notice = { type: 'mail', recipient: 'initiator', about: phaseOf(entry) } as const;
    if (isWork(entry.type)) {
      await ensureNotice(tx, entry, { ...notice, mail: 'delayed' }, addSeconds(since, minutes * 60), now);
    } else if (entry.type === 'mail' && isRequest(JSON.parse(entry.payload))) {
      await ensureNotice(
        tx,
        entry,
        { ...notice, mail: 'deferred' },
        addSeconds(since, requestHours * 3600),
        now,
      );
    }
  };
}

/** Has the initiator told, once for each phase, that its work was set aside. */
export async function noteStop(tx: Tx, entry: ClaimedEntry, cause: StopCause, now: string): Promise<void> {
  const about = phaseOf(entry);
  const effect: Effect = { type: 'mail', mail: 'stopped', recipient: 'initiator', about, cause };
  await ensureNotice(tx, entry, effect, now, now);
}

async function ensureNotice(
  tx: Tx,
  { municipality, contract }: ClaimedEntry,
  effect: Extract<Effect, { type: 'mail' }>,
  notBefore: string,
  now: string,
): Promise<void> {
  const { about, mail, recipient } = effect;
  const key = `${about}:${mail}:${recipient}`;
  const payload = JSON.stringify(effect);
  await ensure(tx, { key, municipality, contract, type: 'mail', payload, notBefore }, now);
}
