/** Mails about a registration that carry a link or an address for replies, and what a vendor answered by such a link (R0, R4, R11). */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('registration_mails', (t) => {
    /** The secrets of the mail are derived from it. */
    t.text('id').primary();
    t.text('kind').notNullable();
    t.text('municipality').notNullable();
    /** Null where the mail is about several registrations. */
    t.integer('registration');
    t.text('created_at').notNullable();
    t.text('used_at');
    /** `electronic` or `paper`, once the vendor has said so. */
    t.text('wish');
    /** Who asked and for which contract, sealed; null where nothing of the kind is needed. */
    t.binary('body');
    t.index(['municipality', 'registration', 'kind']);
  });
}
