/** Which contract a file belongs to, by its SHA-256 in every state that it has had (R45). */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('document_hashes', (t) => {
    t.text('municipality').notNullable();
    t.text('sha256').notNullable();
    t.text('contract').notNullable().references('contracts.id');
    t.primary(['municipality', 'sha256', 'contract']);
    t.index(['contract']);
  });
}
