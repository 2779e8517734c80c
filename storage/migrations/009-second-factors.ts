/** How often a second factor was entered wrongly, and until when no more tries are taken. */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('second_factors', (t) => {
    t.text('contract').notNullable();
    t.text('participant').notNullable();
    t.integer('tries').notNullable();
    t.text('locked_until');
    t.primary(['contract', 'participant']);
  });
}
