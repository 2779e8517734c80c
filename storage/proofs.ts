/** Until when the proof of each executed file lasts, and which renewal run has it in hand (R56). */
import type { Knex } from 'knex';
import type { Tx } from './database.ts';

/** Stands where a document's id does for the contract's certificate. */
export const CERTIFICATE_PROOF = 'certificate';

/** One executed file: a document of a contract, or its certificate. */
export interface ProofFile {
  readonly contract: string;
  /** Id of the document, or CERTIFICATE_PROOF. */
  readonly file: string;
  readonly municipality: string;
}

export interface ProofRow extends ProofFile {
  /** ISO UTC instant; null where nobody has looked yet. */
  readonly valid_until: string | null;
  readonly run: string | null;
  /** What the run made of it; null while it is at it. */
  readonly outcome: string | null;
  readonly settled_at: string | null;
}

/** Which files a run is to look at. */
export interface DueFilter {
  /** ISO UTC: proofs that end before it, and those not known. */
  readonly before: string;
  /** ISO UTC: what a run has dealt with since is left alone. */
  readonly settledBefore: string;
  /** null: every municipality's. */
  readonly municipality: string | null;
}

const COLUMNS = ['contract', 'file'];

/** `validUntil`: ISO UTC. */
export async function noteProof(
  tx: Tx,
  { contract, file, municipality }: ProofFile,
  validUntil: string,
): Promise<void> {
  const row = { contract, file, municipality, valid_until: validUntil };
  await tx('proofs').insert(row).onConflict(COLUMNS).merge(['valid_until']);
}

/** Puts files on the list of which nobody knows yet how long their proof lasts; what is known stays. */
export async function listUnknownProofs(tx: Tx, files: readonly ProofFile[]): Promise<void> {
  if (files.length === 0) return;
  const rows = files.map(({ contract, file, municipality }) => ({ contract, file, municipality }));
  await tx('proofs').insert(rows).onConflict(COLUMNS).ignore();
}

/** Concluded contracts without any row, oldest first: concluded before rows were kept. */
export async function contractsWithoutProofs(
  tx: Tx,
  municipality: string | null,
  limit: number,
): Promise<string[]> {
  const rows: { id: string }[] = await tx('contracts as c')
    .where('c.state', 'concluded')
    .where((only: Knex.QueryBuilder) => municipality !== null && only.where('c.municipality', municipality))
    .whereNotExists(tx('proofs as p').whereRaw('p.contract = c.id'))
    .orderBy(['c.concluded_at', 'c.id'])
    .limit(limit)
    .select('c.id');
  return rows.map(({ id }) => id);
}

/** The files to be looked at, soonest end first; those that an unfinished run has in hand are left to it. */
export async function dueProofs(tx: Tx, filter: DueFilter, limit: number): Promise<ProofRow[]> {
  return due(tx, filter)
    .orderByRaw('case when p.valid_until is null then 0 else 1 end')
    .orderBy(['p.valid_until', 'p.contract', 'p.file'])
    .limit(limit)
    .select('p.*');
}

/** How many files and contracts dueProofs() would give, by municipality. */
export async function countDue(
  tx: Tx,
  filter: DueFilter,
): Promise<{ municipality: string; files: number; contracts: number }[]> {
  const rows = await due(tx, filter)
    .groupBy('p.municipality')
    .orderBy('p.municipality')
    .select('p.municipality')
    .count({ files: '*' })
    .countDistinct({ contracts: 'p.contract' });
  return rows.map((row: Record<string, unknown>) => ({
    municipality: String(row.municipality),
    files: Number(row.files),
    contracts: Number(row.contracts),
  }));
}

// biome-ignore lint/suspicious/noExplicitAny: knex rows of an untyped table
function due(tx: Tx, { before, settledBefore, municipality }: DueFilter): any {
  return tx('proofs as p')
    .join('contracts as c', 'c.id', 'p.contract')
    .where('c.state', 'concluded')
    .where((ends: Knex.QueryBuilder) => ends.whereNull('p.valid_until').orWhere('p.valid_until', '<', before))
    .where((only: Knex.QueryBuilder) => municipality !== null && only.where('p.municipality', municipality))
    .where((free: Knex.QueryBuilder) =>
      free
        .whereNull('p.run')
        // Not needed, or not to be had, for that run; perhaps for one that looks further ahead, or later.
        .orWhereIn('p.outcome', ['unchanged', 'unextendable'])
        .orWhere('p.settled_at', '<', settledBefore),
    );
}

/** The run takes the files in hand. */
export async function takeProofs(tx: Tx, run: string, files: readonly ProofFile[]): Promise<void> {
  for (const { contract, file } of files) {
    await tx('proofs').where({ contract, file }).update({ run, outcome: null, settled_at: null });
  }
}

/** What became of a file in `run`; no effect once a later run has it. */
export async function settleProof(
  tx: Tx,
  run: string,
  { contract, file }: Pick<ProofFile, 'contract' | 'file'>,
  outcome: string,
  now: string,
): Promise<void> {
  await tx('proofs').where({ run, contract, file }).update({ outcome, settled_at: now });
}

/** How many files of the run had which outcome, by municipality; `contracts` counts those that the files belong to. */
export interface RunCount {
  readonly municipality: string;
  readonly outcome: string | null;
  readonly files: number;
}

export async function countRun(tx: Tx, run: string): Promise<RunCount[]> {
  const rows: { municipality: string; outcome: string | null; files: number | string }[] = await tx('proofs')
    .where({ run })
    .groupBy(['municipality', 'outcome'])
    .orderBy(['municipality', 'outcome'])
    .select('municipality', 'outcome')
    .count({ files: '*' });
  return rows.map((row) => ({ ...row, files: Number(row.files) }));
}

/** Contracts in the run, by municipality. */
export async function countRunContracts(tx: Tx, run: string): Promise<Map<string, number>> {
  const rows: { municipality: string; contracts: number | string }[] = await tx('proofs')
    .where({ run })
    .groupBy('municipality')
    .select('municipality')
    .countDistinct({ contracts: 'contract' });
  return new Map(rows.map(({ municipality, contracts }) => [municipality, Number(contracts)]));
}

/** The run's files with one of `outcomes`, in the order of their contracts' numbers. */
export async function runFiles(
  tx: Tx,
  run: string,
  municipality: string,
  outcomes: readonly string[],
  limit: number,
): Promise<ProofRow[]> {
  return tx('proofs as p')
    .join('contracts as c', 'c.id', 'p.contract')
    .where({ 'p.run': run, 'p.municipality': municipality })
    .whereIn('p.outcome', outcomes)
    .orderBy(['c.number', 'p.file'])
    .limit(limit)
    .select('p.*');
}

/** The soonest end (ISO UTC) among the run's files with this outcome; null where it has none. */
export async function soonestEndIn(tx: Tx, run: string, outcome: string): Promise<string | null> {
  const row = await tx('proofs').where({ run, outcome }).min({ soonest: 'valid_until' }).first();
  return row?.soonest ?? null;
}

/** Every municipality that has executed files, with the soonest known end of a proof (ISO UTC). */
export async function soonestEnds(tx: Tx): Promise<Map<string, string | null>> {
  const rows: { municipality: string; soonest: string | null }[] = await tx('proofs as p')
    .join('contracts as c', 'c.id', 'p.contract')
    .where('c.state', 'concluded')
    .groupBy('p.municipality')
    .select('p.municipality')
    .min({ soonest: 'p.valid_until' });
  return new Map(rows.map(({ municipality, soonest }) => [municipality, soonest]));
}
