/** PDF work that no retry mends: the initiator and the operator hear of it, once for each phase of the contract. */
import { RevokedCertificate, RevokedCredential } from '../../signing/cms/index.ts';
import type { Database } from '../../storage/database.ts';
import { parkedEntries } from '../../storage/outbox.ts';
import { stopNotice, type WaitingWork } from '../../templates/index.ts';
import type { ContractStore } from '../app/contract-store.ts';
import { isWork, noteStop, phaseOf } from '../app/waiting.ts';
import type { StopCause } from '../contract/effects.ts';
import { mailBase } from '../mail/compose-input.ts';
import type { MailingMunicipality } from './mail-secrets.ts';
import { ensureOperatorMails, type OperatorMailDependencies, operatorMail } from './operator-mail.ts';
import type { Performer } from './performer.ts';
import type { WorkerOptions } from './worker.ts';

export interface StopNoticeDependencies extends OperatorMailDependencies {
  readonly database: Database;
  readonly store: ContractStore;
  readonly municipalityOf: (id: string) => MailingMunicipality;
  readonly settings: { readonly testAuthority: boolean };
}

interface Notice {
  /** Key of the entry that was set aside. */
  readonly parked: string;
  readonly cause: Exclude<StopCause, 'key'>;
}

/** For the worker: notes both notices with the parking itself, so that no crash loses them. */
export function noticeOfStop({
  addresses,
}: OperatorMailDependencies['operator']): NonNullable<WorkerOptions['onParked']> {
  return async (tx, entry, error, now) => {
    const { contract, municipality } = entry;
    if (contract === null || !isWork(entry.type)) return;
    const cause = causeOf(error);
    await noteStop(tx, entry, cause, now);
    // A revoked key is announced by itself, once for all contracts.
    if (cause === 'key') return;
    const notice = { key: `${phaseOf(entry)}:stop-notice`, type: 'stop-notice', municipality, contract };
    const payload: Notice = { parked: entry.key, cause };
    await ensureOperatorMails(tx, addresses, { ...notice, payload }, now);
  };
}

function causeOf(error: unknown): StopCause {
  if (error instanceof RevokedCredential) return 'key';
  return error instanceof RevokedCertificate ? 'certificate' : 'fault';
}

export function stopNoticePerformer(dependencies: StopNoticeDependencies): Performer {
  const { database, store, municipalityOf, settings } = dependencies;
  return operatorMail(dependencies, async (entry) => {
    const notice: Notice = JSON.parse(entry.payload);
    const parked = (await parkedEntries(database.knex)).find(({ key }) => key === notice.parked);
    // Somebody has had it tried again already.
    if (parked === undefined) return null;
    const { contract } = (await store.load(database.knex, entry.contract!))!;
    const municipality = municipalityOf(contract.municipality);
    const content = stopNotice({
      ...mailBase(municipality, settings.testAuthority),
      number: contract.number,
      work: parked.type as WaitingWork,
      cause: notice.cause,
      entry: parked.key,
      error: parked.error,
    });
    return { municipality, content };
  });
}
