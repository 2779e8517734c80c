/** Rows ↔ Contract: the only translator. Appends events with their hash chain and keeps the row equal to their replay. */

import type { BlobOwner } from '../../storage/blobs/blobs.ts';
import {
  appendEvents,
  type ContractRow,
  findContract,
  findContractByNumber,
  findHistory,
  insertContract,
  lastEventHash,
  lockContract,
  updateContract,
} from '../../storage/contracts.ts';
import type { Tx } from '../../storage/database.ts';
import { noteDocumentHashes } from '../../storage/document-hashes.ts';
import { type MasterKey, newDataKey, seal, unseal } from '../../storage/keys.ts';
import { type Contract, fileHashes } from '../contract/contract.ts';
import type { Event, EventBody } from '../contract/events.ts';
import { evolve } from '../contract/evolve.ts';
import {
  chainHash,
  decodeEvent,
  EVENT_VERSION,
  encodeEvent,
  FIRST_PREVIOUS_HASH,
  stringify,
} from './canonical.ts';
import { type AskedSeal, type ConsentFound, certifyingIn, consentIn } from './signing-proof.ts';
import { upcastContract } from './upcast.ts';

/** A contract with the key of its blobs and personal fields. */
export interface LoadedContract {
  readonly contract: Contract;
  readonly owner: BlobOwner;
}

declare const fromHistory: unique symbol;

/** Proof that a consent is stored and waits for its seal; only a contract store makes it, from the checked history (R59). */
export interface StoredConsent extends ConsentFound {
  readonly [fromHistory]: 'consent';
}

/** Proof that a contract's certificate is due; made like StoredConsent. */
export interface StoredCertifying {
  readonly [fromHistory]: 'certifying';
  readonly contract: Contract;
  readonly history: readonly Event[];
}

export type SigningProof = StoredConsent | StoredCertifying;

const made = new WeakSet<object>();

/** Whether `proof` was made here: the types say so already, this also holds against whoever gets around them. */
export function isSigningProof(proof: SigningProof): boolean {
  return made.has(proof);
}

function proven<Proof extends SigningProof>(facts: Omit<Proof, typeof fromHistory>): Proof {
  const proof = Object.freeze(facts) as Proof;
  made.add(proof);
  return proof;
}

/** The history does not show what a signature needs; transient when it has grown since the contract was loaded. */
export class Unproven extends Error {
  override readonly name = 'Unproven';
  readonly transient: boolean;
  constructor(what: string, { id, seq }: Contract, history: readonly Event[]) {
    super(`the stored history of contract ${id} shows no ${what}: nothing is signed`);
    this.transient = history.length !== seq;
  }
}

export interface ContractStore {
  /** A data key for a contract that is about to be opened. */
  newOwner(id: string): BlobOwner;
  /** Stores a new contract with its first event. */
  create(
    tx: Tx,
    owner: BlobOwner,
    body: EventBody,
    now: string,
  ): Promise<{ contract: Contract; events: Event[] }>;
  load(tx: Tx, id: string): Promise<LoadedContract | undefined>;
  /** Loads to decide: until the transaction ends nobody else can. */
  lock(tx: Tx, id: string): Promise<LoadedContract | undefined>;
  loadByNumber(tx: Tx, municipality: string, number: string): Promise<LoadedContract | undefined>;
  /** Appends events and writes the row they lead to. */
  append(
    tx: Tx,
    loaded: LoadedContract,
    bodies: readonly EventBody[],
    now: string,
  ): Promise<{ contract: Contract; events: Event[] }>;
  /** The history, checked link by link; throws where the chain is broken. */
  history(tx: Tx, id: string): Promise<Event[]>;
  /** The stored consent that a seal is asked for; rejects with Unproven, or as `history` does. */
  storedConsent(tx: Tx, loaded: LoadedContract, asked: AskedSeal): Promise<StoredConsent>;
  /** That the certificate is due; rejects likewise. */
  storedCertifying(tx: Tx, loaded: LoadedContract): Promise<StoredCertifying>;
}

export function contractStore(master: MasterKey): ContractStore {
  const context = (id: string): string => `contract:${id}`;

  const fromRow = (row: ContractRow | undefined): LoadedContract | undefined => {
    if (!row) return undefined;
    const dataKey = master.unwrap(row.wrapped_key, context(row.id));
    const body = unseal(dataKey, row.body, `${context(row.id)}:${row.seq}`);
    return { contract: upcastContract(JSON.parse(body.toString('utf8'))), owner: { id: row.id, dataKey } };
  };

  const toRow = (contract: Contract, owner: BlobOwner): Omit<ContractRow, 'wrapped_key'> => ({
    id: contract.id,
    municipality: contract.municipality,
    number: contract.number,
    kind: contract.kind,
    state: contract.state,
    seq: contract.seq,
    expires_at: contract.expiresAt,
    concluded_at: contract.concludedAt,
    contract_date: contract.contractDate,
    body: seal(owner.dataKey, Buffer.from(stringify(contract)), `${context(contract.id)}:${contract.seq}`),
  });

  const storeEvents = async (
    tx: Tx,
    contract: Contract,
    owner: BlobOwner,
    events: readonly Event[],
  ): Promise<void> => {
    let previous = (await lastEventHash(tx, contract.id)) ?? FIRST_PREVIOUS_HASH;
    const rows = events.map((event) => {
      const canonical = encodeEvent(event, contract.id, owner.dataKey);
      const hash = chainHash(previous, canonical);
      const row = {
        contract: contract.id,
        seq: event.seq,
        municipality: contract.municipality,
        type: event.type,
        version: EVENT_VERSION,
        at: event.at,
        canonical,
        previous_hash: previous,
        hash,
      };
      previous = hash;
      return row;
    });
    await appendEvents(tx, rows);
  };

  const history = async (tx: Tx, id: string): Promise<Event[]> => {
    const found = await findHistory(tx, id);
    if (!found) return [];
    const dataKey = master.unwrap(found.wrapped_key, context(id));
    let previous = FIRST_PREVIOUS_HASH;
    const events = found.events.map(({ seq, canonical, previous_hash, hash }) => {
      if (previous_hash !== previous || chainHash(previous, canonical) !== hash) {
        throw new Error(`history of contract ${id} is broken at seq ${seq}`);
      }
      previous = hash;
      return decodeEvent(canonical, id, seq, dataKey);
    });
    // A chain that lost its last links still holds together; only the row tells.
    if (events.length !== found.seq) throw new Error(`history of contract ${id} is broken at its end`);
    return events;
  };

  return {
    newOwner: (id) => ({ id, dataKey: newDataKey() }),
    load: async (tx, id) => fromRow(await findContract(tx, id)),
    lock: async (tx, id) => fromRow(await lockContract(tx, id)),
    loadByNumber: async (tx, municipality, number) =>
      fromRow(await findContractByNumber(tx, municipality, number)),

    async create(tx, owner, body, now) {
      const event: Event = { ...body, seq: 1, at: now };
      const contract = evolve(undefined, event);
      const { municipality, number, ...row } = toRow(contract, owner);
      const wrapped_key = master.wrap(owner.dataKey, context(contract.id));
      await insertContract(tx, { ...row, municipality, number, wrapped_key });
      await storeEvents(tx, contract, owner, [event]);
      await noteDocumentHashes(tx, contract, fileHashes(contract));
      return { contract, events: [event] };
    },

    async append(tx, { contract, owner }, bodies, now) {
      const events = bodies.map(
        (body, index): Event => ({ ...body, seq: contract.seq + index + 1, at: now }),
      );
      const next = events.reduce<Contract>(evolve, contract);
      await storeEvents(tx, contract, owner, events);
      const { municipality: _municipality, number: _number, ...row } = toRow(next, owner);
      await updateContract(tx, row, contract.seq);
      // What a take-back drops stays known: such a file may come in one day.
      const known = new Set(fileHashes(contract));
      const added = fileHashes(next).filter((sha256) => !known.has(sha256));
      await noteDocumentHashes(tx, next, added);
      return { contract: next, events };
    },

    history,
    async storedConsent(tx, { contract }, asked) {
      const events = await history(tx, contract.id);
      const found = consentIn(events, asked);
      if (found) return proven<StoredConsent>(found);
      throw new Unproven(`consent of step ${asked.step} to document ${asked.document}`, contract, events);
    },
    async storedCertifying(tx, { contract }) {
      const events = await history(tx, contract.id);
      const due = certifyingIn(events);
      if (due) return proven<StoredCertifying>({ contract: due, history: events });
      throw new Unproven('certificate that is due', contract, events);
    },
  };
}
