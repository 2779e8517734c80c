/** One batch of a feed's rows into the register: what is new is settled number by number and written at once. */
import { nextCount } from '../../storage/contracts.ts';
import type { Tx } from '../../storage/database.ts';
import { ensureAll, type OutboxEntry } from '../../storage/outbox.ts';
import {
  type ClaimRow,
  claimsUnder,
  confirmedAmong,
  insertRegistrations,
  type NewRegistryRow,
  setState,
} from '../../storage/registry.ts';
import { settle } from '../registration/settle.ts';
import type { RegistrationState, RowFate } from './registration-types.ts';
import { claimOf, type NewContent, type RegistryRows } from './registry-rows.ts';

/** A row that says something of a 整理番号: an application, or that it was taken back. */
export type Said =
  | Pick<NewContent, 'registration' | 'asks'>
  | { readonly withdrawn: true; readonly receiptNumber: string; readonly appliedAt: Date };

export interface BatchOf {
  readonly rows: RegistryRows;
  readonly municipality: string;
  readonly form: NewContent['form'];
  /** Id of the import. */
  readonly run: string;
  readonly declarationVersion: string | null;
  /** ISO UTC. */
  readonly now: string;
}

/** What became of one said thing. */
export interface Registering {
  readonly fate: Exclude<RowFate, 'refused'>;
  readonly number_hash: string;
  readonly content_hash: string;
  /** True: something newer was known already. */
  readonly late: boolean;
  readonly registration: number | null;
}

/** Known or new, as it will stand; `before` is null for what is new. */
interface Entry {
  readonly row: ClaimRow | NewRegistryRow;
  readonly before: string | null;
  state: RegistrationState;
}

/** Nobody else may settle a municipality's register until this transaction ends. */
export async function holdRegister(tx: Tx, municipality: string): Promise<void> {
  await nextCount(tx, municipality, 'registry');
}

/** In the order given, one result each. */
export async function registerBatch(tx: Tx, of: BatchOf, said: readonly Said[]): Promise<Registering[]> {
  const { municipality, form, run, now } = of;
  await holdRegister(tx, municipality);
  const came = said.map((one) => rowOf(of, one));
  const numbers = [...new Set(came.map(({ number_hash }) => number_hash))];
  const entries = new Map<string, Entry[]>(numbers.map((number) => [number, []]));
  for (const row of await claimsUnder(tx, municipality, form.name, numbers)) {
    entries.get(row.number_hash)!.push({ row, before: row.state, state: row.state as RegistrationState });
  }
  const fates = came.map((row) => place(entries.get(row.number_hash)!, row));

  const all = [...entries.values()].flat();
  const stateOf = new Map(all.map(({ row, state }) => [row, state]));
  const added = all.filter(({ before }) => before === null);
  const confirmed = await confirmedAmong(
    tx,
    municipality,
    added.flatMap(({ row }) => row.signatory_hash ?? []),
  );
  const inherited = new Map(confirmed.map((one) => [vendorOf(one), one]));
  await insertRegistrations(
    tx,
    added.map(({ row, state }) => {
      const proof = inherited.get(vendorOf(row));
      const accepted_version = row.accepted_version ?? proof?.accepted_version ?? null;
      return {
        ...(row as NewRegistryRow),
        state,
        confirmed_at: proof?.confirmed_at ?? null,
        pin_hash: proof?.pin_hash ?? null,
        accepted_version,
      };
    }),
  );
  for (const { row, before, state } of all) {
    if ('id' in row && before !== state) await setState(tx, row.id, state, now);
  }
  const ids = new Map(
    (await claimsUnder(tx, municipality, form.name, numbers)).map((row) => [contentKey(row), row.id]),
  );
  const asked = all.filter(
    ({ row, before, state }) =>
      state === 'inForce' &&
      before !== 'inForce' &&
      row.confirmed_at === null &&
      !inherited.has(vendorOf(row)),
  );
  await ensureAll(
    tx,
    asked.map(({ row }) =>
      confirmationEntry({ id: ids.get(contentKey(row))!, municipality }, `${run}:${vendorOf(row)}`, now),
    ),
    now,
  );
  return came.map((row, index) => {
    const { number_hash, content_hash } = row;
    const { fate, late } = fates[index]!;
    // A row further down may have called it in question.
    const contested = fate !== 'unchanged' && stateOf.get(row) === 'pending';
    return {
      fate: contested ? 'pending' : fate,
      late,
      number_hash,
      content_hash,
      registration: ids.get(contentKey(row)) ?? null,
    };
  });
}

/** The mail that asks for 「受信を確認する」; `occasion` keeps one mail for one vendor's address and occasion. */
export function confirmationEntry(
  row: { readonly id: number; readonly municipality: string },
  occasion: string,
  now: string,
): OutboxEntry {
  return {
    key: `registration:${occasion}:confirmation`,
    municipality: row.municipality,
    contract: null,
    type: 'registration-confirmation',
    payload: JSON.stringify({ registration: row.id }),
    notBefore: now,
  };
}

function rowOf({ rows, municipality, form, declarationVersion, now }: BatchOf, said: Said): NewRegistryRow {
  if ('withdrawn' in said) return rows.withdrawal({ ...said, municipality, form, now });
  return rows.row({ ...said, municipality, form, declarationVersion, now });
}

/** Puts a row among those of its number and settles them. */
function place(entries: Entry[], row: NewRegistryRow): Pick<Registering, 'fate' | 'late'> {
  if (entries.some((entry) => entry.row.content_hash === row.content_hash)) {
    return { fate: 'unchanged', late: false };
  }
  const inForce = entries.some(({ state }) => state === 'inForce');
  const own: Entry = { row, before: null, state: 'pending' };
  entries.push(own);
  const live = entries.filter((entry) => !('erased_at' in entry.row && entry.row.erased_at !== null));
  const states = settle(live.map((entry) => claimOf(entry.row)));
  for (const [index, entry] of live.entries()) entry.state = states[index]!;
  switch (own.state) {
    case 'inForce':
      return { fate: inForce ? 'superseding' : 'accepted', late: false };
    case 'pending':
    case 'withdrawn':
      return { fate: own.state, late: false };
    default:
      return { fate: 'unchanged', late: true };
  }
}

function vendorOf(row: Pick<ClaimRow, 'company_hash' | 'signatory_hash'>): string {
  return `${row.company_hash}:${row.signatory_hash}`;
}

function contentKey(row: Pick<ClaimRow, 'number_hash' | 'content_hash'>): string {
  return `${row.number_hash}:${row.content_hash}`;
}
