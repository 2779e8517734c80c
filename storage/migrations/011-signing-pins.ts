/** The PIN that a vendor chose with its registration (R11), and which link the tries of a second factor belong to. */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('registry', (t) => {
    /** scrypt in PHC string form; null where none was chosen. */
    t.text('pin_hash');
  });
  await knex.schema.alterTable('second_factors', (t) => {
    t.integer('generation').notNullable().defaultTo(0);
  });
}
