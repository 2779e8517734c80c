/** When an outbox entry was last handed to the queue that carries it to a worker; null where it waits for that. */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('outbox', (t) => {
    t.text('enqueued_at');
  });
}
