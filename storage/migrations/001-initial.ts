/** The first schema. Instants are ISO 8601 UTC text, which sorts as time; rows carry their municipality (R58). */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('meta', (t) => {
    t.text('name').primary();
    t.text('value').notNullable();
  });

  await knex.schema.createTable('counters', (t) => {
    t.text('municipality').notNullable();
    t.text('name').notNullable();
    t.integer('last').notNullable();
    t.primary(['municipality', 'name']);
  });

  await knex.schema.createTable('messages', (t) => {
    t.text('id').primary();
    t.text('municipality').notNullable();
    t.text('received_at').notNullable();
    t.bigInteger('size').notNullable();
    t.text('sha256').notNullable();
    t.text('blob').notNullable();
    t.binary('wrapped_key').notNullable();
    t.binary('transport').notNullable();
    /** Authenticated From + Message-ID + content digest, keyed; one message per key has an effect (decided 6). */
    t.text('content_key');
    t.text('duplicate_of').references('messages.id');
    t.text('status').notNullable();
    t.text('contract');
    t.binary('outcome');
    t.text('handled_at');
    t.index(['municipality', 'received_at']);
  });
  await knex.raw(
    'create unique index messages_content_key on messages (municipality, content_key) where duplicate_of is null and content_key is not null',
  );

  await knex.schema.createTable('contracts', (t) => {
    t.text('id').primary();
    t.text('municipality').notNullable();
    t.text('number').notNullable();
    t.text('kind').notNullable();
    t.text('state').notNullable();
    t.integer('seq').notNullable();
    t.text('expires_at').notNullable();
    t.text('concluded_at');
    t.text('contract_date');
    t.binary('wrapped_key').notNullable();
    t.binary('body').notNullable();
    t.unique(['municipality', 'number']);
    t.index(['municipality', 'state']);
  });

  await knex.schema.createTable('events', (t) => {
    t.text('contract').notNullable().references('contracts.id');
    t.integer('seq').notNullable();
    t.text('municipality').notNullable();
    t.text('type').notNullable();
    t.integer('version').notNullable();
    t.text('at').notNullable();
    t.binary('canonical').notNullable();
    t.text('previous_hash').notNullable();
    t.text('hash').notNullable();
    t.primary(['contract', 'seq']);
    t.index(['at']);
  });

  await knex.schema.createTable('merkle_roots', (t) => {
    t.text('day').primary();
    t.integer('contracts').notNullable();
    t.text('root').notNullable();
    t.binary('timestamp_token').notNullable();
    t.text('stamped_at').notNullable();
  });

  await knex.schema.createTable('outbox', (t) => {
    t.text('key').primary();
    t.text('municipality').notNullable();
    t.text('contract');
    t.text('type').notNullable();
    t.text('payload').notNullable();
    t.text('not_before').notNullable();
    t.text('created_at').notNullable();
    t.integer('attempt').notNullable().defaultTo(0);
    t.integer('failures').notNullable().defaultTo(0);
    t.text('leased_until');
    t.text('done_at');
    t.text('parked_at');
    t.text('last_error');
  });
  await knex.raw(
    'create index outbox_due on outbox (not_before) where done_at is null and parked_at is null',
  );
  await knex.raw('create index outbox_contract on outbox (contract)');

  await knex.schema.createTable('secrets', (t) => {
    t.text('id').primary();
    t.text('purpose').notNullable();
    t.text('municipality').notNullable();
    t.text('contract').notNullable();
    t.text('participant').notNullable();
    t.integer('generation').notNullable();
    /** What the mail that carried it showed; JSON of Head[]. */
    t.text('heads').notNullable();
    /** Outbox key of that mail. */
    t.text('mail').notNullable();
    t.text('created_at').notNullable();
    t.text('expires_at');
    t.text('used_at');
    t.index(['contract']);
  });

  await knex.schema.createTable('registrations', (t) => {
    t.increments('id');
    t.text('municipality').notNullable();
    t.text('form').notNullable();
    t.text('receipt_number').notNullable();
    t.text('content_hash').notNullable();
    t.text('applied_at').notNullable();
    t.text('imported_at').notNullable();
    t.text('superseded_at');
    t.text('company').notNullable();
    t.text('place').notNullable();
    t.text('signatory_title');
    t.text('signatory_name').notNullable();
    t.text('signatory_address').notNullable();
    t.text('checker_name');
    t.text('checker_address');
    t.text('phone');
    t.text('title');
    t.text('section');
    t.text('remarks');
    t.text('confirmed_at');
    t.unique(['municipality', 'form', 'receipt_number', 'content_hash']);
    t.index(['municipality', 'signatory_address']);
    t.index(['municipality', 'receipt_number']);
    t.index(['municipality', 'company']);
  });
}
