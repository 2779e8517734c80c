/** What the migrations have led to, as text that can be compared: tables, their columns, keys and indexes. */
import type { Knex } from 'knex';

/** SQLite keeps the statements themselves. */
export async function sqliteSchema(knex: Knex): Promise<string> {
  const rows: { sql: string }[] = await knex('sqlite_master')
    .whereNotNull('sql')
    .whereNot('name', 'like', 'sqlite_%')
    .whereNot('name', 'like', 'knex_%')
    .orderBy(['tbl_name', { column: 'type', order: 'desc' }, 'name'])
    .select('sql');
  return rows.map(({ sql }) => `${sql};\n`).join('');
}

/** PostgreSQL describes what it made of them; the text is the same for every server version. */
export async function postgresSchema(knex: Knex): Promise<string> {
  const lines = async (sql: string): Promise<string[]> =>
    (await knex.raw(sql)).rows.map(({ line }: { line: string }) => `${line}\n`);
  const columns = await lines(`
    select format('column %s.%s %s%s%s%s', table_name, column_name, data_type,
      ' collate ' || collation_name,
      case is_nullable when 'NO' then ' not null' end,
      ' default ' || column_default) as line
    from information_schema.columns
    where table_schema = 'public' and table_name not like 'knex%'
    order by table_name collate "C", ordinal_position`);
  const constraints = await lines(`
    select format('constraint %s on %s %s', conname, conrelid::regclass, pg_get_constraintdef(oid)) as line
    from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n' and conrelid::regclass::text not like 'knex%'
    order by conname collate "C"`);
  const indexes = await lines(`
    select indexdef as line from pg_indexes
    where schemaname = 'public' and tablename not like 'knex%'
    order by indexname collate "C"`);
  return [...columns, ...constraints, ...indexes].join('');
}
