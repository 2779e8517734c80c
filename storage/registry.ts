/** Rows of the register of vendors' addresses (R1–R11): found by keyed hashes, personal data sealed by the caller. */
import { inStatements, type Tx } from './database.ts';

export interface RegistryRow {
  readonly id: number;
  readonly municipality: string;
  readonly form: string;
  readonly model: 'perContract' | 'standing';
  readonly number_hash: string;
  readonly content_hash: string;
  readonly company_hash: string | null;
  readonly signatory_hash: string | null;
  readonly checker_hash: string | null;
  readonly applied_at: string;
  readonly imported_at: string;
  readonly state: string;
  readonly state_at: string;
  /** JSON array of codes. */
  readonly asks: string;
  readonly declared_version: string | null;
  readonly confirmed_at: string | null;
  /** Of the signing PIN chosen with the confirmation; null where none was. */
  readonly pin_hash: string | null;
  readonly accepted_version: string | null;
  readonly unusable_at: string | null;
  readonly decision: 'accept' | 'reject' | null;
  readonly decided_at: string | null;
  readonly decided_by: Uint8Array | null;
  readonly replaced_by: number | null;
  readonly body: Uint8Array | null;
  readonly erased_at: string | null;
}

export type NewRegistryRow = Omit<
  RegistryRow,
  'id' | 'unusable_at' | 'decision' | 'decided_at' | 'decided_by' | 'replaced_by' | 'erased_at'
>;

/** A row without what it says of people: enough to settle which one is in force. */
export type ClaimRow = Omit<RegistryRow, 'body' | 'decided_by' | 'pin_hash'>;

const CLAIM_COLUMNS = [
  'id',
  'municipality',
  'form',
  'model',
  'number_hash',
  'content_hash',
  'company_hash',
  'signatory_hash',
  'checker_hash',
  'applied_at',
  'imported_at',
  'state',
  'state_at',
  'asks',
  'declared_version',
  'confirmed_at',
  'accepted_version',
  'unusable_at',
  'decision',
  'decided_at',
  'replaced_by',
  'erased_at',
] as const;

/** Everything under some 整理番号 of one form. */
export async function claimsUnder(
  tx: Tx,
  municipality: string,
  form: string,
  numbers: readonly string[],
): Promise<ClaimRow[]> {
  return tx('registry')
    .select(...CLAIM_COLUMNS)
    .where({ municipality, form })
    .whereIn('number_hash', [...numbers])
    .orderBy('id');
}

/** Confirmed and usable registrations in force with one of these signatories' addresses. */
export async function confirmedAmong(
  tx: Tx,
  municipality: string,
  signatories: readonly string[],
): Promise<
  Pick<RegistryRow, 'company_hash' | 'signatory_hash' | 'confirmed_at' | 'accepted_version' | 'pin_hash'>[]
> {
  return tx('registry')
    .select('company_hash', 'signatory_hash', 'confirmed_at', 'accepted_version', 'pin_hash')
    .where({ municipality, state: 'inForce' })
    .whereIn('signatory_hash', [...new Set(signatories)])
    .whereNotNull('confirmed_at')
    .whereNull('unusable_at')
    .orderBy('id');
}

/** The PIN last chosen with a confirmed and usable registration in force of this signatory's address. */
export async function pinHashOf(tx: Tx, municipality: string, signatory: string): Promise<string | null> {
  const row = await tx('registry')
    .where({ municipality, state: 'inForce', signatory_hash: signatory })
    .whereNotNull('pin_hash')
    .whereNotNull('confirmed_at')
    .whereNull('unusable_at')
    .orderBy([
      { column: 'confirmed_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first('pin_hash');
  return row?.pin_hash ?? null;
}

export async function insertRegistrations(tx: Tx, rows: readonly NewRegistryRow[]): Promise<void> {
  for (const some of inStatements(rows)) await tx('registry').insert(some);
}

export async function setState(tx: Tx, id: number, state: string, now: string): Promise<void> {
  await tx('registry').where({ id }).update({ state, state_at: now });
}

export async function updateRegistration(
  tx: Tx,
  id: number,
  changes: Partial<
    Pick<
      RegistryRow,
      | 'confirmed_at'
      | 'accepted_version'
      | 'pin_hash'
      | 'unusable_at'
      | 'decision'
      | 'decided_at'
      | 'decided_by'
      | 'replaced_by'
    >
  >,
): Promise<void> {
  await tx('registry').where({ id }).update(changes);
}

export async function registrationById(tx: Tx, id: number): Promise<RegistryRow | undefined> {
  return tx('registry').where({ id }).first();
}

/** What is looked for: any of the columns given, by keyed hash. */
export interface RegistryQuery {
  readonly number?: string;
  readonly company?: string;
  /** Signatory's or checker's. */
  readonly address?: string;
  readonly signatory?: string;
  readonly states?: readonly string[];
}

/** Not erased; newest application first. */
export async function registrationsWhere(
  tx: Tx,
  municipality: string,
  { number, company, address, signatory, states }: RegistryQuery,
): Promise<RegistryRow[]> {
  const query = tx('registry')
    .where({ municipality })
    .whereNotNull('body')
    .orderBy([
      { column: 'applied_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ]);
  if (number !== undefined) query.where({ number_hash: number });
  if (company !== undefined) query.where({ company_hash: company });
  if (signatory !== undefined) query.where({ signatory_hash: signatory });
  if (address !== undefined) {
    query.where((either) => either.where({ signatory_hash: address }).orWhere({ checker_hash: address }));
  }
  if (states !== undefined) query.whereIn('state', [...states]);
  return query;
}

/** The oldest rows of these states that have said something of people since before `before`. */
export async function registrationsEndedBefore(
  tx: Tx,
  of: {
    readonly states: readonly string[];
    readonly model?: string;
    readonly since: 'state_at' | 'applied_at';
  },
  before: string,
  limit: number,
): Promise<number[]> {
  const query = tx('registry')
    .whereIn('state', [...of.states])
    .whereNotNull('body')
    .where(of.since, '<', before)
    .orderBy('id')
    .limit(limit)
    .pluck('id');
  return of.model === undefined ? query : query.where({ model: of.model });
}

/** Keeps hash of number and content, dates and fate; nothing can be found by a person any more. */
export async function eraseRegistrations(tx: Tx, ids: readonly number[], now: string): Promise<void> {
  await tx('registry')
    .whereIn('id', [...ids])
    .update({
      body: null,
      decided_by: null,
      company_hash: null,
      signatory_hash: null,
      checker_hash: null,
      pin_hash: null,
      state: 'erased',
      erased_at: now,
    });
}
