/** Performer of the certificate (R42): gathers what happened from the history, has the PDF made, verifies it, reports it. */
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type {
  ByteSource,
  CertificateContent,
  CertificateOptions,
  VerificationReport,
  VerifyOptions,
} from '../../signing/ports.ts';
import type { Blobs } from '../../storage/blobs/blobs.ts';
import type { Database } from '../../storage/database.ts';
import type { ClaimedEntry } from '../../storage/outbox.ts';
import { CERTIFICATE_PROOF, listUnknownProofs, noteProof } from '../../storage/proofs.ts';
import { certificateText } from '../../templates/index.ts';
import type { ContractStore } from '../app/contract-store.ts';
import type { CommandHandler } from '../app/handle-command.ts';
import { type CertifyingMunicipality, certificateFacts } from './certificate-facts.ts';
import { holding, madeAnew } from './made-anew.ts';
import type { Performer, Settlement } from './performer.ts';
import type { SigningIdentity } from './sealing.ts';

export interface CertifyingDependencies {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly store: ContractStore;
  readonly commands: CommandHandler;
  readonly certify: {
    certificate(content: CertificateContent, options: CertificateOptions): Promise<Uint8Array>;
    verify(source: ByteSource, options: VerifyOptions): Promise<VerificationReport>;
  };
  readonly identityOf: (municipality: string) => SigningIdentity;
  readonly municipalityOf: (id: string) => CertifyingMunicipality;
  readonly testAuthority: boolean;
  readonly clock: () => Date;
  readonly log: Logger;
}

export function certifyPerformer(dependencies: CertifyingDependencies): Performer {
  return (entry) => issue(dependencies, entry);
}

async function issue(dependencies: CertifyingDependencies, entry: ClaimedEntry): Promise<Settlement> {
  const { database, store, commands, blobs, identityOf, certify, clock, log } = dependencies;
  const loaded = await store.load(database.knex, entry.contract!);
  if (!loaded) throw new Error(`no contract ${entry.contract}`);
  const { owner } = loaded;
  if (loaded.contract.state !== 'concluding' || loaded.contract.contractDate === null) return async () => {};
  const proof = await store.storedCertifying(database.knex, loaded);
  const { contract, history } = proof;
  const identity = identityOf(contract.municipality);
  return madeAnew(log, entry.key, async () => {
    const issuedAt = clock();
    const content = certificateText({
      ...certificateFacts(contract, history, dependencies.municipalityOf(contract.municipality)),
      testAuthority: dependencies.testAuthority,
      issuedAt,
    });
    const made = await identity.key.lend(proof, (credential) =>
      certify.certificate(content, {
        ...identity,
        credential,
        reason: identity.certificateReason(contract),
        signingTime: issuedAt,
      }),
    );
    const stored = await blobs.put(owner, Readable.from([made]));
    // Read back as it was stored: what is verified is what will be handed out.
    const reader = await blobs.open(owner, stored.name);
    const options = { trust: identity.trust, profile: 'B-LTA', at: clock() } as const;
    const found = await certify.verify(reader, options).finally(() => reader.close());
    const { provenUntil } = holding(found, 'certificate', options.profile);
    const certificate = { blob: stored.name, size: stored.size, sha256: stored.sha256 };
    return async (tx, now) => {
      await commands.handle(tx, contract.id, { type: 'recordCertified', certificate }, now);
      const { id, municipality, documents } = contract;
      // Documents that were closed before such rows were kept have none yet.
      await listUnknownProofs(
        tx,
        documents.map((document) => ({ contract: id, file: document.id, municipality })),
      );
      await noteProof(
        tx,
        { contract: id, file: CERTIFICATE_PROOF, municipality },
        provenUntil!.toISOString(),
      );
    };
  });
}
