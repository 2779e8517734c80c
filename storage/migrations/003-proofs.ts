/** Until when the proof of each executed file lasts, and what the newest renewal run made of it (R56). */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('proofs', (t) => {
    t.text('contract').notNullable().references('contracts.id');
    /** Id of the document, or `certificate`. */
    t.text('file').notNullable();
    t.text('municipality').notNullable();
    /** null where nobody has looked yet. */
    t.text('valid_until');
    t.text('run');
    /** null while the run is at it. */
    t.text('outcome');
    t.text('settled_at');
    t.primary(['contract', 'file']);
    t.index(['valid_until']);
    t.index(['run']);
  });
}
