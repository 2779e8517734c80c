/** For the knex command line (NODE_OPTIONS='--import tsx' npx knex migrate:status); the gateway migrates by itself at start. */
import { databaseFile, sqliteConfig } from './storage/database.ts';

export default sqliteConfig(databaseFile(process.env.KEIYAKUBIN_DATA_DIRECTORY ?? './data'));
