/** The register of vendors' addresses (R1–R11): finding, going ahead, confirming. One transaction each, effects in the outbox. */
import type { Tx } from '../../storage/database.ts';
import type { MasterKey } from '../../storage/keys.ts';
import { ensureAll, type OutboxEntry } from '../../storage/outbox.ts';
import {
  type ClaimRow,
  claimsUnder,
  pinHashOf,
  type RegistryQuery,
  type RegistryRow,
  registrationById,
  registrationsWhere,
  setState,
  updateRegistration,
} from '../../storage/registry.ts';
import { settle } from '../registration/settle.ts';
import { confirmationEntry, holdRegister } from './register-batch.ts';
import type {
  Decided,
  Registered,
  RegistrationKey,
  RegistrationState,
  Registry,
} from './registration-types.ts';
import { claimOf, type RegistryRows, registryRows } from './registry-rows.ts';

export function registry(master: MasterKey): Registry {
  const rows = registryRows(master);
  const where = async (tx: Tx, municipality: string, query: RegistryQuery): Promise<Registered[]> =>
    (await registrationsWhere(tx, municipality, query)).map(rows.registered);
  return {
    find: (tx, municipality, key) =>
      where(tx, municipality, { ...queryOf(rows, municipality, key), states: ['inForce'] }),
    async byId(tx, id) {
      const row = await registrationById(tx, id);
      return row?.body ? rows.registered(row) : undefined;
    },
    async standing(tx, municipality, key) {
      const all = await where(tx, municipality, queryOf(rows, municipality, key));
      const of = (...states: RegistrationState[]): Registered[] =>
        all.filter(({ state }) => states.includes(state));
      return {
        inForce: of('inForce'),
        pending: of('pending'),
        ended: of('superseded', 'withdrawn', 'rejected'),
      };
    },
    pending: async (tx, municipality) =>
      (await where(tx, municipality, { states: ['pending'] })).sort((a, b) => a.id - b.id),
    list: async (tx, municipality) =>
      (await where(tx, municipality, { states: ['inForce', 'pending'] })).sort((a, b) => a.id - b.id),
    async decide(tx, id, decision, by, now) {
      const row = await held(tx, id);
      if (!row?.body) return 'unknown';
      if (row.state !== 'pending') return 'not-pending';
      const before = decision === 'accept' ? await replacedBy(tx, rows, row) : [];
      const decidedBy = rows.seal(by, `registration-decision:${id}`);
      await updateRegistration(tx, id, { decision, decided_at: now, decided_by: decidedBy });
      for (const old of before) {
        await updateRegistration(tx, old.id, { replaced_by: id });
      }
      const arrived: ClaimRow[] = [];
      for (const one of [row, ...before]) arrived.push(...(await resettle(tx, one, now)));
      const registration = rows.registered((await registrationById(tx, id))!);
      const decided = { registration, replaced: before.map(rows.registered) };
      await ensureAll(tx, decisionEntries(decided, arrived, now), now);
      return decided;
    },
    async confirm(tx, id, acceptedVersion, pinHash, now) {
      const row = await held(tx, id);
      if (!row?.body) return 'ended';
      // A correction may have taken this one's place meanwhile: the address is the same.
      const inForce = await sameVendor(tx, row);
      const open = inForce.filter((one) => one.confirmed_at === null || one.unusable_at !== null);
      if (inForce.length === 0) return 'ended';
      if (open.length === 0) return 'already';
      for (const one of open) {
        const changes = { confirmed_at: now, accepted_version: acceptedVersion, unusable_at: null };
        const chosen = pinHash === null ? {} : { pin_hash: pinHash };
        await updateRegistration(tx, one.id, { ...changes, ...chosen });
      }
      return 'confirmed';
    },
    pinHashOf: (tx, municipality, address) =>
      pinHashOf(tx, municipality, rows.addressHash(municipality, address)),
    async markUnusable(tx, id, now) {
      const row = await registrationById(tx, id);
      if (!row?.body) return;
      for (const one of await sameVendor(tx, row)) {
        await updateRegistration(tx, one.id, { confirmed_at: null, unusable_at: now });
      }
    },
  };
}

/** The row as it stands once nobody else can settle the register. */
async function held(tx: Tx, id: number): Promise<RegistryRow | undefined> {
  const found = await registrationById(tx, id);
  if (!found) return undefined;
  await holdRegister(tx, found.municipality);
  return registrationById(tx, id);
}

/** Settles the states under one number anew; resolves to what came into force by it. */
async function resettle(
  tx: Tx,
  { municipality, form, number_hash }: RegistryRow,
  now: string,
): Promise<ClaimRow[]> {
  const claims = (await claimsUnder(tx, municipality, form, [number_hash])).filter(
    ({ erased_at }) => erased_at === null,
  );
  const states = settle(claims.map(claimOf));
  for (const [index, row] of claims.entries()) {
    if (states[index] !== row.state) await setState(tx, row.id, states[index]!, now);
  }
  return claims.filter(({ state }, index) => state !== 'inForce' && states[index] === 'inForce');
}

function decisionEntries(
  { registration: { id, municipality }, replaced }: Decided,
  arrived: readonly ClaimRow[],
  now: string,
): OutboxEntry[] {
  const asked = arrived
    .filter(({ confirmed_at }) => confirmed_at === null)
    .map((one) => confirmationEntry(one, `${one.id}:decided:${id}`, now));
  const notices = replaced.map((old) => ({
    key: `registration:${id}:change-notice:${old.id}`,
    municipality,
    contract: null,
    type: 'registration-change-notice',
    payload: JSON.stringify({ registration: id, replaced: old.id }),
    notBefore: now,
  }));
  return [...asked, ...notices];
}

/**
 * What an accepted row ends: another address under its number, and where it asks for a change of address (R4)
 * the company's other addresses in force; per contract only those of the same 契約件名.
 */
async function replacedBy(tx: Tx, rows: RegistryRows, row: RegistryRow): Promise<RegistryRow[]> {
  const { municipality, company_hash, number_hash } = row;
  const inForce = ['inForce'];
  const underNumber = await registrationsWhere(tx, municipality, { number: number_hash, states: inForce });
  const ended = underNumber.filter(({ form }) => form === row.form);
  const asks: string[] = JSON.parse(row.asks);
  if (asks.includes('change-of-address') && company_hash !== null) {
    const { title } = rows.registered(row);
    const others = await registrationsWhere(tx, municipality, { company: company_hash, states: inForce });
    ended.push(
      ...others.filter(
        (other) =>
          !ended.some(({ id }) => id === other.id) &&
          (row.model === 'standing' || sameTitle(title, rows.registered(other).title)),
      ),
    );
  }
  const people = (one: RegistryRow): string => `${one.signatory_hash}|${one.checker_hash}`;
  return ended.filter((one) => one.id !== row.id && people(one) !== people(row));
}

/** The company's registrations in force with the same signatory's address. */
async function sameVendor(tx: Tx, row: RegistryRow): Promise<RegistryRow[]> {
  if (row.company_hash === null || row.signatory_hash === null) return [];
  const query = { company: row.company_hash, signatory: row.signatory_hash, states: ['inForce'] };
  return registrationsWhere(tx, row.municipality, query);
}

function sameTitle(a: string | null, b: string | null): boolean {
  const fold = (title: string | null): string => (title ?? '').normalize('NFKC').replace(/\s/g, '');
  return fold(a) === fold(b);
}

function queryOf(rows: RegistryRows, municipality: string, key: RegistrationKey): RegistryQuery {
  if ('receiptNumber' in key) return { number: rows.numberHash(municipality, key.receiptNumber) };
  if ('company' in key) return { company: rows.companyHash(municipality, key.company) };
  return { address: rows.addressHash(municipality, key.address) };
}
