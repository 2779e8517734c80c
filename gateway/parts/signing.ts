/** The signing service, and who hears of a revoked certificate or a timestamp authority that fails. */
import { noteAuthority } from '../app/authority-standing.ts';
import { reportRevoked } from '../jobs/credential-watch.ts';
import { openSigning, type SigningService } from '../jobs/identity.ts';
import type { Revoked } from '../jobs/open-keys.ts';
import type { OnClose, Parts } from './core.ts';

/** Rejects with a sentence for the operator where a key cannot be opened. */
export async function openSigningPart({ config, core }: Parts, onClose: OnClose): Promise<SigningService> {
  const { database, clock, log } = core;
  const onRevoked = async ({ error, ...revoked }: Revoked): Promise<void> => {
    log.error({ ...revoked, err: error }, 'signing certificate is revoked: nothing is signed with it');
    await reportRevoked(database, config.operator, revoked, clock().toISOString());
  };
  const signing = await openSigning(config, { clock, log, onRevoked });
  onClose(() => signing.close());
  onClose(() => signing.timestampAuthority.close());
  signing.timestampAuthority.watch((host, failure) => {
    const reason = failure?.message ?? null;
    noteAuthority(database.knex, host, { failingSince: failure && clock().toISOString(), reason }).catch(
      (error) => log.warn({ err: error }, 'standing of a timestamp authority could not be noted'),
    );
  });
  return signing;
}
