/** The register of vendors' addresses with personal data sealed, and every row's fate in every import (R1–R11). */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('registry', (t) => {
    t.increments('id');
    t.text('municipality').notNullable();
    t.text('form').notNullable();
    t.text('model').notNullable();
    /** Keyed hashes: equal values can be found, nobody without the master key can try out guesses. */
    t.text('number_hash').notNullable();
    t.text('content_hash').notNullable();
    t.text('company_hash');
    t.text('signatory_hash');
    t.text('checker_hash');
    t.text('applied_at').notNullable();
    t.text('imported_at').notNullable();
    t.text('state').notNullable();
    /** When `state` last changed. */
    t.text('state_at').notNullable();
    /** JSON of the reasons in the content itself for which staff are asked. */
    t.text('asks').notNullable();
    t.text('declared_version');
    t.text('confirmed_at');
    t.text('accepted_version');
    t.text('unusable_at');
    t.text('decision');
    t.text('decided_at');
    t.binary('decided_by');
    t.integer('replaced_by');
    /** Everything personal; null once it was deleted, or where there was none. */
    t.binary('body');
    t.text('erased_at');
    t.unique(['municipality', 'form', 'number_hash', 'content_hash']);
    t.index(['municipality', 'number_hash']);
    t.index(['municipality', 'signatory_hash']);
    t.index(['municipality', 'checker_hash']);
    t.index(['municipality', 'company_hash']);
    t.index(['municipality', 'state']);
    t.index(['state', 'state_at']);
  });

  await knex.schema.createTable('feed_runs', (t) => {
    t.text('id').primary();
    t.text('municipality').notNullable();
    t.text('form').notNullable();
    t.text('way').notNullable();
    /** Keyed hash of what the way calls the file. */
    t.text('reference_hash').notNullable();
    t.text('started_at').notNullable();
    t.text('finished_at');
    /** Up to this line all is done. */
    t.integer('line').notNullable();
    t.text('readable').notNullable();
    t.text('counts').notNullable();
    /** Reference and header of the file. */
    t.binary('body');
    t.index(['municipality', 'reference_hash']);
    t.index(['finished_at']);
  });

  await knex.schema.createTable('feed_rows', (t) => {
    t.text('run').notNullable().references('feed_runs.id');
    t.integer('line').notNullable();
    t.text('fate').notNullable();
    /** Keyed hash of the row as it came. */
    t.text('row_hash').notNullable();
    t.text('number_hash');
    t.text('content_hash');
    t.integer('registration');
    /** Reasons, and the row as it came where it was refused; null where there is neither, or once deleted. */
    t.binary('body');
    t.primary(['run', 'line']);
  });
}
