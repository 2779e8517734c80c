/** Performers of the PDF work: prepare, seal, conclude. Each appends one revision, verifies it, and reports it as a command. */
import type { Logger } from 'pino';
import { consentField, type GrowingDocument } from '../../signing/index.ts';
import type {
  AppendedRevision,
  ByteSource,
  ConcludeOptions,
  PrepareOptions,
  SealOptions,
  VerificationProfile,
  VerificationReport,
  VerifyOptions,
} from '../../signing/ports.ts';
import type { Blobs } from '../../storage/blobs/blobs.ts';
import type { Database, Tx } from '../../storage/database.ts';
import type { ClaimedEntry } from '../../storage/outbox.ts';
import { noteProof } from '../../storage/proofs.ts';
import type { ContractStore, LoadedContract } from '../app/contract-store.ts';
import { withDocument } from '../app/documents.ts';
import type { CommandHandler } from '../app/handle-command.ts';
import { fillingStep } from '../contract/boxes.ts';
import type { Command } from '../contract/commands.ts';
import type { Contract, Step } from '../contract/contract.ts';
import type { ContractDocument, StoredPart } from '../contract/documents.ts';
import type { Effect } from '../contract/effects.ts';
import { holding, madeAnew } from './made-anew.ts';
import type { Performer, Settlement } from './performer.ts';
import type { SigningKey } from './signing-key.ts';

/** signing/'s face as far as the gateway uses it. */
export interface Sealing {
  prepare(source: ByteSource, options: PrepareOptions): Promise<AppendedRevision>;
  openGrowing(source: ByteSource): Promise<Pick<GrowingDocument, 'fill' | 'seal' | 'sha256'>>;
  conclude(source: ByteSource, options: ConcludeOptions): Promise<AppendedRevision>;
  verify(source: ByteSource, options: VerifyOptions): Promise<VerificationReport>;
}

/** A municipality's signing identity and what is printed and written with it. */
export interface SigningIdentity {
  readonly key: SigningKey;
  readonly timestampAuthority: SealOptions['timestampAuthority'];
  readonly revocation: ConcludeOptions['revocation'];
  readonly trust: readonly Uint8Array[];
  readonly fonts: readonly Uint8Array[];
  readonly location: string;
  /** Line at the bottom left of page 1. */
  stamp(contract: Contract): string;
  /** Reason of a consent's signature (R31). */
  reason(contract: Contract, step: Step, document: ContractDocument): string;
  /** Reason of the certificate's signature. */
  certificateReason(contract: Contract): string;
}

export interface SealingDependencies {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly store: ContractStore;
  readonly commands: CommandHandler;
  readonly sealing: Sealing;
  readonly identityOf: (municipality: string) => SigningIdentity;
  readonly clock: () => Date;
  readonly log: Logger;
}

type DocumentEffect = Extract<Effect, { document: string }>;

interface Work<E extends DocumentEffect> extends LoadedContract {
  readonly document: ContractDocument;
  readonly effect: E;
}

/** What the three performers differ in. */
interface Phase<E extends DocumentEffect> {
  /** Whether the work still matters: a take-back or withdrawal may have overtaken it. */
  concerns(work: Work<E>): boolean;
  make(work: Work<E>, source: ByteSource): Promise<AppendedRevision>;
  /** Verifies the file with the new revision; throws where it does not hold. */
  check(work: Work<E>, source: ByteSource): Promise<VerificationReport | null>;
  command(effect: E, revision: StoredPart, report: VerificationReport | null): Command;
  /** What else is written down with the outcome. */
  settled?(tx: Tx, work: Work<E>, report: VerificationReport | null): Promise<void>;
}

export function sealingPerformers(
  dependencies: SealingDependencies,
): Record<'prepare' | 'seal' | 'conclude', Performer> {
  const { database, store, sealing, identityOf, clock } = dependencies;
  const verified = async (
    { municipality }: Contract,
    source: ByteSource,
    profile: VerificationProfile,
  ): Promise<VerificationReport> => {
    const { trust } = identityOf(municipality);
    return holding(await sealing.verify(source, { trust, profile, at: clock() }), 'sealed file', profile);
  };

  const prepare: Phase<Extract<Effect, { type: 'prepare' }>> = {
    concerns: ({ contract, document }) => contract.state === 'preparing' && document.revisions.length === 0,
    make: ({ contract }, source) => {
      const identity = identityOf(contract.municipality);
      const fields = contract.steps.flatMap(({ role }, index) =>
        role === 'checker' ? [] : [consentField(index + 1)],
      );
      return sealing.prepare(source, { stamp: identity.stamp(contract), fields, fonts: identity.fonts });
    },
    check: async () => null,
    command: ({ document }, revision) => ({ type: 'recordPrepared', document, revision }),
  };

  const seal: Phase<Extract<Effect, { type: 'seal' }>> = {
    concerns: ({ contract, document, effect }) =>
      contract.state === 'sealing' &&
      contract.attempt === effect.attempt &&
      document.revisions.at(-1)?.step !== effect.step,
    make: async (work, source) => {
      const proof = await store.storedConsent(database.knex, work, work.effect);
      const { contract, consented } = proof;
      const document = contract.documents.find(({ id }) => id === work.document.id)!;
      const { key, timestampAuthority, location, reason, fonts } = identityOf(contract.municipality);
      const step = contract.steps[work.effect.step]!;
      const growing = await sealing.openGrowing(source);
      if ((await growing.sha256()) !== consented)
        throw new Error(`document ${document.id} of contract ${contract.id} is not the one consented to`);
      const fills = document.boxes.length > 0 && work.effect.step === fillingStep(contract.steps);
      const values = step.consent!.filled.filter((box) => box.document === document.id);
      const filled = fills ? await growing.fill({ values, fonts }) : null;
      const sealed = await key.lend(proof, (credential) =>
        growing.seal({
          field: consentField(work.effect.step + 1),
          credential,
          timestampAuthority,
          reason: reason(contract, step, document),
          location,
          signingTime: clock(),
        }),
      );
      // One stored part: what was filled in and its signature come and go together.
      return filled === null ? sealed : { ...sealed, bytes: Buffer.concat([filled.bytes, sealed.bytes]) };
    },
    check: ({ contract }, source) => verified(contract, source, 'B-T'),
    command: ({ document, attempt }, revision, report) => ({
      type: 'recordSealed',
      document,
      attempt,
      revision,
      timestamp: report!.signatures.at(-1)!.timestamp!.toISOString(),
    }),
  };

  const conclude: Phase<Extract<Effect, { type: 'conclude' }>> = {
    concerns: ({ contract, document }) =>
      contract.state === 'concluding' && document.revisions.at(-1)?.purpose !== 'conclude',
    make: ({ contract }, source) => sealing.conclude(source, identityOf(contract.municipality)),
    check: ({ contract }, source) => verified(contract, source, 'B-LTA'),
    command: ({ document }, revision) => ({ type: 'recordConcluded', document, revision }),
    async settled(tx, { contract, document }, report) {
      const file = { contract: contract.id, file: document.id, municipality: contract.municipality };
      await noteProof(tx, file, report!.provenUntil!.toISOString());
    },
  };

  return {
    prepare: (entry) => revise(dependencies, entry, prepare),
    seal: (entry) => revise(dependencies, entry, seal),
    conclude: (entry) => revise(dependencies, entry, conclude),
  };
}

async function revise<E extends DocumentEffect>(
  dependencies: SealingDependencies,
  entry: ClaimedEntry,
  phase: Phase<E>,
): Promise<Settlement> {
  const { database, store, commands, blobs, log } = dependencies;
  const effect: E = JSON.parse(entry.payload);
  const loaded = await store.load(database.knex, entry.contract!);
  const document = loaded?.contract.documents.find(({ id }) => id === effect.document);
  if (!loaded || !document) throw new Error(`no document ${effect.document} in contract ${entry.contract}`);
  const work: Work<E> = { ...loaded, document, effect };
  if (!phase.concerns(work)) return async () => {};
  return madeAnew(log, entry.key, async () => {
    const made = await withDocument(blobs, loaded.owner, document, (source) => phase.make(work, source));
    const stored = await blobs.put(loaded.owner, once(made.bytes));
    const revision = { blob: stored.name, size: made.size, sha256: made.sha256 };
    // Read back as it was stored: what is verified is what will be handed out.
    const grown = [...document.revisions, { ...revision, purpose: 'consent', step: null } as const];
    const report = await withDocument(blobs, loaded.owner, { ...document, revisions: grown }, (source) =>
      phase.check(work, source),
    );
    return async (tx, now) => {
      await commands.handle(tx, loaded.contract.id, phase.command(effect, revision, report), now);
      await phase.settled?.(tx, work, report);
    };
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
