/** The one migration set, named here so that names do not change between .ts and .js. Forward only. */
import type { Knex } from 'knex';
import * as initial from './001-initial.ts';
import * as outboxEnqueued from './002-outbox-enqueued.ts';
import * as proofs from './003-proofs.ts';
import * as outboxWaiting from './004-outbox-waiting.ts';
import * as documentHashes from './005-document-hashes.ts';
import * as registry from './006-registry.ts';
import * as registrationMails from './007-registration-mails.ts';
import * as secretsOpened from './008-secrets-opened.ts';
import * as secondFactors from './009-second-factors.ts';
import * as downloads from './010-downloads.ts';
import * as signingPins from './011-signing-pins.ts';
import * as secretsFetched from './012-secrets-fetched.ts';

interface Migration {
  readonly name: string;
  up(knex: Knex): Promise<void>;
}

const migrations: readonly Migration[] = [
  { name: '001-initial', up: initial.up },
  { name: '002-outbox-enqueued', up: outboxEnqueued.up },
  { name: '003-proofs', up: proofs.up },
  { name: '004-outbox-waiting', up: outboxWaiting.up },
  { name: '005-document-hashes', up: documentHashes.up },
  { name: '006-registry', up: registry.up },
  { name: '007-registration-mails', up: registrationMails.up },
  { name: '008-secrets-opened', up: secretsOpened.up },
  { name: '009-second-factors', up: secondFactors.up },
  { name: '010-downloads', up: downloads.up },
  { name: '011-signing-pins', up: signingPins.up },
  { name: '012-secrets-fetched', up: secretsFetched.up },
];

export const migrationSource: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: ({ name }) => name,
  getMigration: async ({ name, up }) => ({
    up,
    down: async () => {
      throw new Error(`migration ${name} goes forward only`);
    },
  }),
};
