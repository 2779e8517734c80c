/** What the holder of a registration link may do: confirm the address (R11), say which contract is wished (R0), ask for a fresh link. */
import type { Logger } from 'pino';
import type { Database } from '../../storage/database.ts';
import type { MasterKey } from '../../storage/keys.ts';
import { markMailUsed, type RegistrationMailRow, type Wish } from '../../storage/registration-mails.ts';
import { DECLARATION_VERSION } from '../../templates/index.ts';
import { afterDays } from '../contract/jst.ts';
import { hashPassword } from '../passwords.ts';
import {
  askedIn,
  notifyStaff,
  type RegistrationRules,
  registrationMailOf,
  requestConfirmation,
} from './registration-mails.ts';
import type { Registered, Registry } from './registration-types.ts';
import type { FactorPolicy } from './second-factor.ts';
import type { Secrets } from './secrets.ts';

export interface OpenedRegistration {
  readonly row: RegistrationMailRow;
  readonly registration: Registered;
}

/** Where the link stands; `open` waits for its holder. */
export type RegistrationLinkState = 'open' | 'already' | 'ended' | 'link-expired' | 'wish-answered';

export interface RegistrationDesk {
  /** Undefined for anything that is not a link of ours. */
  open(secret: string): Promise<OpenedRegistration | undefined>;
  stateOf(link: OpenedRegistration): RegistrationLinkState;
  /** 契約件名 that 希望確認 is about; null where staff named none. */
  titleOf(row: RegistrationMailRow): string | null;
  /** Whether an address is confirmed only together with a signing PIN. */
  needsPin(link: OpenedRegistration): boolean;
  /** 「受信を確認する」, with the declarations of the page accepted and the signing PIN, if one was chosen. */
  confirm(link: OpenedRegistration, pin: string | null): Promise<'confirmed' | 'already' | 'ended'>;
  /** The answer to 希望確認; the first one counts, and whoever asked is told. */
  wish(link: OpenedRegistration, wish: Wish): Promise<'recorded' | 'wish-answered'>;
  /** Mails a fresh link to the registered address; false where the day's are used up. */
  requestLink(link: OpenedRegistration): Promise<boolean>;
}

export interface RegistrationDeskDependencies {
  readonly database: Database;
  readonly master: MasterKey;
  readonly secrets: Secrets;
  readonly registry: Registry;
  readonly registration: RegistrationRules;
  readonly factorPolicyOf: (municipality: string) => FactorPolicy;
  readonly clock: () => Date;
  readonly wake: () => void;
  readonly log: Logger;
}

export function registrationDesk(dependencies: RegistrationDeskDependencies): RegistrationDesk {
  const { database, master, secrets, registry, registration: rules, clock, wake, log } = dependencies;
  return {
    async open(secret) {
      const row = await registrationMailOf(database.knex, secrets, 'registration', [secret]);
      if (row?.registration == null || !['confirmation', 'preference'].includes(row.kind)) return undefined;
      const registration = await registry.byId(database.knex, row.registration);
      return registration && { row, registration };
    },
    stateOf({ row, registration }) {
      const { state, confirmed_at, unusable_at } = registration;
      if (row.kind === 'preference' && row.used_at !== null) return 'wish-answered';
      if (state !== 'inForce' && state !== 'pending') return 'ended';
      if (row.kind === 'confirmation' && confirmed_at !== null && unusable_at === null) return 'already';
      const until = afterDays(row.created_at, rules.linkDays);
      return clock().toISOString() >= until ? 'link-expired' : 'open';
    },
    titleOf: (row) => askedIn(master, row)?.title ?? null,
    needsPin: ({ registration }) => dependencies.factorPolicyOf(registration.municipality) === 'pin',
    async confirm({ row, registration }, pin) {
      const pinHash = pin === null ? null : await hashPassword(pin);
      const now = clock().toISOString();
      const outcome = await database.transaction(async (tx) => {
        const result = await registry.confirm(tx, registration.id, DECLARATION_VERSION, pinHash, now);
        if (result === 'confirmed') await markMailUsed(tx, row.id, now);
        return result;
      });
      wake();
      log.info({ registration: registration.id, outcome }, 'registration confirmed on its page');
      return outcome;
    },
    async wish({ row, registration }, wish) {
      const now = clock().toISOString();
      const recorded = await database.transaction(async (tx) => {
        if (!(await markMailUsed(tx, row.id, now, wish))) return false;
        await notifyStaff(tx, row, 'wish', [null], now);
        return true;
      });
      wake();
      log.info({ registration: registration.id, recorded }, 'wish for the kind of contract answered');
      return recorded ? 'recorded' : 'wish-answered';
    },
    async requestLink({ registration }) {
      const now = clock().toISOString();
      const sent = await database.transaction((tx) =>
        requestConfirmation(tx, registration, rules.freshLinksPerDay, now),
      );
      wake();
      return sent;
    },
  };
}
