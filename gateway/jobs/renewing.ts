/** Performer that renews the proof of one executed file (R56): looks, appends, verifies what was stored, reports it as a command. */
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { bytesSource, concatSources, NotRenewable, type RenewOptions } from '../../signing/index.ts';
import type { AppendedRevision, ByteSource, VerificationReport, VerifyOptions } from '../../signing/ports.ts';
import type { BlobReader, Blobs } from '../../storage/blobs/blobs.ts';
import type { Database } from '../../storage/database.ts';
import type { ClaimedEntry } from '../../storage/outbox.ts';
import { CERTIFICATE_PROOF, noteProof, settleProof } from '../../storage/proofs.ts';
import type { ContractStore, LoadedContract } from '../app/contract-store.ts';
import { openCertificate, openDocument } from '../app/documents.ts';
import type { CommandHandler } from '../app/handle-command.ts';
import { isTransient } from '../app/transient.ts';
import { certificateHead, head, type StoredPart } from '../contract/documents.ts';
import { afterDays } from '../contract/jst.ts';
import { isRefusal } from '../contract/refusals.ts';
import { holding, madeAnew } from './made-anew.ts';
import type { Performer, Settlement } from './performer.ts';
import type { SigningIdentity } from './sealing.ts';

/** What a renewal run made of a file. */
export type RenewalOutcome =
  | 'renewed'
  /** Lasts longer than the run looks ahead. */
  | 'unchanged'
  /** A new timestamp would end no later: the authority's own certificate has not been replaced yet. */
  | 'unextendable'
  | NotRenewable['reason']
  /** Refused for good for another reason, such as a revoked timestamp authority. */
  | 'failed';

/** signing/'s face as far as a renewal uses it. */
export interface Renewal {
  renew(source: ByteSource, options: RenewOptions): Promise<AppendedRevision>;
  renewalDue(source: ByteSource, trust: readonly Uint8Array[]): Promise<Date>;
  verify(source: ByteSource, options: VerifyOptions): Promise<VerificationReport>;
}

export interface RenewingDependencies {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly store: ContractStore;
  readonly commands: CommandHandler;
  readonly renewal: Renewal;
  readonly identityOf: (
    municipality: string,
  ) => Pick<SigningIdentity, 'timestampAuthority' | 'revocation' | 'trust'>;
  readonly clock: () => Date;
  readonly log: Logger;
}

/** What the outbox entry of one file says. */
export interface RenewPayload {
  readonly run: string;
  /** Id of the document, or CERTIFICATE_PROOF. */
  readonly file: string;
  readonly withinDays: number;
}

export function renewPerformer(dependencies: RenewingDependencies): Performer {
  const { database, clock } = dependencies;
  return async (entry) => {
    const payload: RenewPayload = JSON.parse(entry.payload);
    try {
      return await renewFile(dependencies, entry, payload);
    } catch (error) {
      // Parked for the operator; the run's figures must know it, and parking itself settles nothing.
      if (!isTransient(error)) {
        const outcome: RenewalOutcome = error instanceof NotRenewable ? error.reason : 'failed';
        const file = { contract: entry.contract!, file: payload.file };
        await settleProof(database.knex, payload.run, file, outcome, clock().toISOString());
      }
      throw error;
    }
  };
}

async function renewFile(
  dependencies: RenewingDependencies,
  entry: ClaimedEntry,
  { run, file, withinDays }: RenewPayload,
): Promise<Settlement> {
  const { database, store, commands, renewal, clock } = dependencies;
  const loaded = await store.load(database.knex, entry.contract!);
  if (!loaded) throw new Error(`no contract ${entry.contract}`);
  const { contract } = loaded;
  const identity = dependencies.identityOf(contract.municipality);
  const about = { contract: contract.id, file, municipality: contract.municipality };
  const settled =
    (outcome: RenewalOutcome, until: Date): Settlement =>
    async (tx, now) => {
      await noteProof(tx, about, until.toISOString());
      await settleProof(tx, run, about, outcome, now);
    };

  const current = await openFile(dependencies.blobs, loaded, file);
  try {
    const until = await renewal.renewalDue(current.reader, identity.trust);
    if (until.toISOString() >= afterDays(clock().toISOString(), withinDays)) {
      return settled('unchanged', until);
    }
    // Awaited here: the file that it reads is closed below.
    return await madeAnew(dependencies.log, entry.key, async () => {
      const made = await renewal.renew(current.reader, { ...identity, at: clock() });
      const grown = concatSources([current.reader, bytesSource(made.bytes)]);
      if ((await renewal.renewalDue(grown, identity.trust)) <= until) return settled('unextendable', until);
      const stored = await dependencies.blobs.put(loaded.owner, Readable.from([made.bytes]));
      const { provenUntil } = await verifiedAsStored(
        dependencies,
        loaded,
        current.reader,
        stored.name,
        identity.trust,
      );
      const revision = { blob: stored.name, size: made.size, sha256: made.sha256 };
      const document = file === CERTIFICATE_PROOF ? null : file;
      const command = { type: 'recordRenewed', document, of: current.head.sha256, revision } as const;
      return async (tx, now) => {
        const handled = await commands.handle(tx, contract.id, command, now);
        // Somebody else renewed it meanwhile; what was stored here belongs to nothing.
        if (isRefusal(handled)) await settleProof(tx, run, about, 'unchanged', now);
        else await settled('renewed', provenUntil!)(tx, now);
      };
    });
  } finally {
    await current.reader.close();
  }
}

/** Read back as it was stored: what is verified is what will be handed out. */
async function verifiedAsStored(
  { blobs, renewal, clock }: RenewingDependencies,
  { owner }: LoadedContract,
  before: BlobReader,
  appended: string,
  trust: readonly Uint8Array[],
): Promise<VerificationReport> {
  const reader = await blobs.open(owner, appended);
  try {
    const whole = concatSources([before, reader]);
    const options = { trust, profile: 'B-LTA', at: clock() } as const;
    return holding(await renewal.verify(whole, options), 'renewed file', options.profile);
  } finally {
    await reader.close();
  }
}

async function openFile(
  blobs: Blobs,
  { contract, owner }: LoadedContract,
  file: string,
): Promise<{ reader: BlobReader; head: StoredPart }> {
  if (file === CERTIFICATE_PROOF) {
    const certificate = contract.certificate!;
    return { reader: await openCertificate(blobs, owner, certificate), head: certificateHead(certificate) };
  }
  const document = contract.documents.find(({ id }) => id === file);
  if (!document) throw new Error(`no document ${file} in contract ${contract.id}`);
  return { reader: await openDocument(blobs, owner, document), head: head(document) };
}
