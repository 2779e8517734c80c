/** The first schema. Instants are ISO 8601 UTC text, which sorts as time; rows carry their municipality (R58). */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('meta', (t) => {
    t.string('name').primary();
    t.text('value').notNullable();
  });

  await knex.schema.createTable('counters', (t) => {
    t.string('municipality').notNullable();
    t.string('name').notNullable();
    t.integer('last').notNullable();
    t.primary(['municipality', 'name']);
  });

  await knex.schema.createTable('messages', (t) => {
    t.string('id').primary();
    t.string('municipality').notNullable();
    t.string('received_at').notNullable();
    t.bigInteger('size').notNullable();
    t.string('sha256', 64).notNullable();
    t.string('blob').notNullable();
    t.binary('wrapped_key').notNullable();
    t.binary('transport').notNullable();
    /** Authenticated From + Message-ID + content digest, keyed; one message per key has an effect (decided 6). */
    t.string('content_key', 64);
    t.string('duplicate_of').references('messages.id');
    t.string('status').notNullable();
    t.string('contract');
    t.binary('outcome');
    t.string('handled_at');
    t.index(['municipality', 'received_at']);
  });
  await knex.raw(
    'create unique index messages_content_key on messages (municipality, content_key) where duplicate_of is null and content_key is not null',
  );

  await knex.schema.createTable('contracts', (t) => {
    t.string('id').primary();
    t.string('municipality').notNullable();
    t.string('number').notNullable();
    t.string('kind').notNullable();
    t.string('state').notNullable();
    t.integer('seq').notNullable();
    t.string('expires_at').notNullable();
    t.string('concluded_at');
    t.string('contract_date');
    t.binary('wrapped_key').notNullable();
    t.binary('body').notNullable();
    t.unique(['municipality', 'number']);
    t.index(['municipality', 'state']);
  });

  await knex.schema.createTable('events', (t) => {
    t.string('contract').notNullable().references('contracts.id');
    t.integer('seq').notNullable();
    t.string('municipality').notNullable();
    t.string('type').notNullable();
    t.integer('version').notNullable();
    t.string('at').notNullable();
    t.binary('canonical').notNullable();
    t.string('previous_hash', 64).notNullable();
    t.string('hash', 64).notNullable();
    t.primary(['contract', 'seq']);
    t.index(['at']);
  });

  await knex.schema.createTable('merkle_roots', (t) => {
    t.string('day').primary();
    t.integer('contracts').notNullable();
    t.string('root', 64).notNullable();
    t.binary('timestamp_token').notNullable();
    t.string('stamped_at').notNullable();
  });

  await knex.schema.createTable('outbox', (t) => {
    t.string('key').primary();
    t.string('municipality').notNullable();
    t.string('contract');
    t.string('type').notNullable();
    t.text('payload').notNullable();
    t.string('not_before').notNullable();
    t.string('created_at').notNullable();
    t.integer('attempt').notNullable().defaultTo(0);
    t.integer('failures').notNullable().defaultTo(0);
    t.string('leased_until');
    t.string('done_at');
    t.string('parked_at');
    t.text('last_error');
  });
  await knex.raw(
    'create index outbox_due on outbox (not_before) where done_at is null and parked_at is null',
  );
  await knex.raw('create index outbox_contract on outbox (contract)');

  await knex.schema.createTable('secrets', (t) => {
    t.string('id').primary();
    t.string('purpose').notNullable();
    t.string('municipality').notNullable();
    t.string('contract').notNullable();
    t.string('participant').notNullable();
    t.integer('generation').notNullable();
    /** What the mail that carried it showed; JSON of Head[]. */
    t.text('heads').notNullable();
    /** Outbox key of that mail. */
    t.string('mail').notNullable();
    t.string('created_at').notNullable();
    t.string('expires_at');
    t.string('used_at');
    t.index(['contract']);
  });

  await knex.schema.createTable('registrations', (t) => {
    t.increments('id');
    t.string('municipality').notNullable();
    t.string('form').notNullable();
    t.string('receipt_number').notNullable();
    t.string('content_hash', 64).notNullable();
    t.string('applied_at').notNullable();
    t.string('imported_at').notNullable();
    t.string('superseded_at');
    t.string('company').notNullable();
    t.string('place').notNullable();
    t.string('signatory_title');
    t.string('signatory_name').notNullable();
    t.string('signatory_address').notNullable();
    t.string('checker_name');
    t.string('checker_address');
    t.string('phone');
    t.string('title');
    t.string('section');
    t.text('remarks');
    t.string('confirmed_at');
    t.unique(['municipality', 'form', 'receipt_number', 'content_hash']);
    t.index(['municipality', 'signatory_address']);
    t.index(['municipality', 'receipt_number']);
    t.index(['municipality', 'company']);
  });
}
