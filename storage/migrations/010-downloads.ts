/** Which executed files were handed out by which link, when, and how often (R36, R52). */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('downloads', (t) => {
    /** The link's row in `secrets`. */
    t.text('secret').notNullable();
    /** Id of the document, `certificate`, or `all` for everything in one ZIP. */
    t.text('file').notNullable();
    t.text('contract').notNullable();
    t.text('participant').notNullable();
    t.text('first_at').notNullable();
    t.text('last_at').notNullable();
    t.integer('times').notNullable();
    t.primary(['secret', 'file']);
    t.index(['contract']);
  });
}
