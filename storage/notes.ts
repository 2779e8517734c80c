/** Short facts of the installation as a whole that another process wants to read: one value a name. */
import type { Tx } from './database.ts';

/** Stores `value` as JSON in the place of what stood there. */
export async function writeNote(tx: Tx, name: string, value: unknown): Promise<void> {
  const row = { name: `note:${name}`, value: JSON.stringify(value) };
  await tx('meta').insert(row).onConflict('name').merge();
}

/** Undefined when nothing of that name was ever stored. */
export async function readNote(tx: Tx, name: string): Promise<unknown> {
  const row = await tx('meta')
    .where({ name: `note:${name}` })
    .first('value');
  return row === undefined ? undefined : JSON.parse(row.value);
}
