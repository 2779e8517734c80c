/** Since when an outbox entry that fails for now waits, for whose answer, and until when at the latest; null while nothing failed. */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('outbox', (t) => {
    t.text('waiting_since');
    t.text('awaits');
    t.text('waiting_until');
  });
}
