/** When the documents behind a link were first looked at; no evidence, only a hint that its mail was found. */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('secrets', (t) => {
    t.text('opened_at');
  });
}
