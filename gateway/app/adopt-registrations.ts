/** Moves registrations from before the register sealed them into it, at the first start after an upgrade. */
import type { Database } from '../../storage/database.ts';
import type { MasterKey } from '../../storage/keys.ts';
import {
  deleteOldRegistrations,
  type OldRegistration,
  oldRegistrations,
} from '../../storage/old-registrations.ts';
import type { Registration, RegistrationModel } from '../registration/index.ts';
import { registerBatch } from './register-batch.ts';
import { registryRows } from './registry-rows.ts';

export interface Adopting {
  /** Of a municipality, by its id. */
  readonly modelOf: (municipality: string) => RegistrationModel;
  readonly declarationVersion: string | null;
}

/** In one transaction. */
const AT_ONCE = 200;

/** Resolves to how many there were; what was moved is gone from where it stood in the clear. */
export async function adoptRegistrations(
  database: Database,
  master: MasterKey,
  { modelOf, declarationVersion }: Adopting,
  now: string,
): Promise<number> {
  const rows = registryRows(master);
  for (let moved = 0; ; ) {
    const olds = await database.transaction(async (tx) => {
      const some = await oldRegistrations(tx, AT_ONCE);
      for (const old of some) {
        const { municipality } = old;
        const form = { name: old.form, model: modelOf(municipality) };
        const of = { rows, municipality, form, run: 'upgrade', declarationVersion, now };
        await registerBatch(tx, of, [{ registration: registrationOf(old), asks: [] }]);
      }
      await deleteOldRegistrations(
        tx,
        some.map(({ id }) => id),
      );
      return some.length;
    });
    if (olds === 0) return moved;
    moved += olds;
  }
}

/** As an import of the same row would give it today, so that the file it came from changes nothing. */
function registrationOf(old: OldRegistration): Registration {
  return {
    receiptNumber: old.receipt_number,
    appliedAt: new Date(old.applied_at),
    company: old.company,
    place: old.place,
    signatory: {
      title: old.signatory_title ?? '',
      name: old.signatory_name,
      address: old.signatory_address,
    },
    checker:
      old.checker_address === null ? null : { name: old.checker_name ?? '', address: old.checker_address },
    phone: old.phone ?? '',
    title: old.title ?? '',
    section: old.section ?? '',
    remarks: old.remarks ?? '',
    individual: false,
    consentedToElectronic: true,
    representationAccepted: false,
    extra: {},
  };
}
