/** What 008 called opened is only fetched, by a mail scanner perhaps; what a person opened, the history tells. */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // The statement itself, alike on both engines: knex would copy SQLite's table.
  await knex.raw('alter table secrets rename column opened_at to fetched_at');
}
