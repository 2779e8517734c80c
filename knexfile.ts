/** For the knex command line (NODE_OPTIONS='--import tsx' npx knex migrate:status); the gateway migrates by itself at start. */
import { knexConfig } from './storage/database.ts';

const { KEIYAKUBIN_DATA_DIRECTORY, KEIYAKUBIN_DATABASE_URL, DATABASE_URL } = process.env;

export default knexConfig({
  dataDirectory: KEIYAKUBIN_DATA_DIRECTORY ?? './data',
  databaseUrl: KEIYAKUBIN_DATABASE_URL ?? DATABASE_URL ?? null,
  databasePoolSize: 1,
  databaseConnectSeconds: 10,
  databaseWaitSeconds: 15,
  databaseStallSeconds: 60,
});
