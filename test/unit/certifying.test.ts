/** The certifying performer: verified as stored before it is recorded, made anew when it fails, idle once the work is over (decided 11). */
import { expect } from 'chai';
import type { Command } from '../../gateway/contract/commands.ts';
import type { Contract } from '../../gateway/contract/contract.ts';
import type { Event, EventBody } from '../../gateway/contract/events.ts';
import { replay } from '../../gateway/contract/evolve.ts';
import { type CertifyingDependencies, certifyPerformer } from '../../gateway/jobs/certifying.ts';
import type { CertificateContent, CertificateOptions, VerificationReport } from '../../signing/ports.ts';
import { encryptedBlobs, octetsOf } from '../../storage/blobs/blobs.ts';
import { fileObjects } from '../../storage/blobs/objects.ts';
import type { Tx } from '../../storage/database.ts';
import type { ClaimedEntry } from '../../storage/outbox.ts';
import { sampleDraft } from '../support/contract.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordingLog } from '../support/log.ts';
import { rejection } from '../support/rejection.ts';

const NOW = '2026-11-23T03:00:00.000Z';
const ENTRY = {
  key: 'abc:20:certify:contract',
  contract: 'abc',
  payload: '{"type":"certify"}',
} as ClaimedEntry;
const OWNER = { id: 'abc', dataKey: Buffer.alloc(32, 7) };
const FAILS: VerificationReport = {
  valid: false,
  verdict: 'altered',
  provenUntil: null,
  sha256: null,
  signatures: [],
  problems: ['dangling: x'],
  level: null,
};
const HOLDS: VerificationReport = {
  valid: true,
  verdict: 'valid',
  provenUntil: new Date('2036-11-23T00:00:00Z'),
  sha256: null,
  signatures: [],
  problems: [],
  level: 'B-LTA',
};

function consent(step: number): EventBody {
  const evidence = { means: 'page', ip: null, userAgent: null, message: null, authentication: null } as const;
  const participant = `step-${step + 1}`;
  return {
    type: 'ConsentGiven',
    step,
    participant,
    consentedAt: NOW,
    attempt: 1,
    heads: [],
    filled: [],
    evidence,
    seals: [],
  };
}

/** A history that ends with `last`. */
function historyOf(...last: EventBody[]): Event[] {
  const drafted: EventBody = {
    type: 'ContractDrafted',
    id: 'abc',
    municipality: 'mihon',
    number: '2026-0001',
    certificateId: 'ABCD',
    sourceMessageId: null,
    draft: sampleDraft(),
    expiresAt: NOW,
  };
  const bodies = [drafted, consent(0), consent(1), ...last];
  return bodies.map((body, index): Event => ({ ...body, seq: index + 1, at: NOW }));
}

const CERTIFYING: EventBody[] = [
  { type: 'ConcludingStarted', documents: ['d1'] },
  { type: 'CertifyingStarted', contractDate: '2026-11-23' },
];

/** Takes what is inserted, and nothing else. */
function recordingTx(rows: unknown[]): Tx {
  const kept = { ignore: async () => {}, merge: async () => {} };
  const insert = (inserted: unknown) => {
    rows.push(inserted);
    return { onConflict: () => kept };
  };
  return (() => ({ insert })) as unknown as Tx;
}

describe('the certifying performer', () => {
  const folder = temporaryFolder();

  function bench(history: readonly Event[], verdicts: readonly VerificationReport[]) {
    const contract: Contract = replay(history)!;
    const blobs = encryptedBlobs(fileObjects(folder()));
    const { log, lines } = recordingLog();
    const commands: Command[] = [];
    const issued: { content: CertificateContent; options: CertificateOptions }[] = [];
    const verified: string[] = [];
    const dependencies = {
      database: {},
      blobs,
      store: {
        load: async () => ({ contract, owner: OWNER }),
        storedCertifying: async () => ({ contract, history }),
      },
      commands: {
        handle: async (_tx: unknown, _id: string, command: Command) => void commands.push(command),
      },
      certify: {
        async certificate(content: CertificateContent, options: CertificateOptions) {
          issued.push({ content, options });
          return Buffer.from(`certificate ${issued.length}`);
        },
        async verify(source: Parameters<CertifyingDependencies['certify']['verify']>[0]) {
          verified.push(Buffer.from(await source.read(0, source.size)).toString());
          return verdicts[verified.length - 1]!;
        },
      },
      identityOf: () => ({
        trust: [],
        certificateReason: () => '証明',
        key: { lend: (_proof: unknown, work: (credential: unknown) => unknown) => work({}) },
      }),
      municipalityOf: () => ({
        name: '見本市',
        nameHolder: '見本市長',
        signedBy: '運用者',
        verificationAddress: null,
      }),
      testAuthority: true,
      clock: () => new Date(NOW),
      log,
    } as unknown as CertifyingDependencies;
    return { perform: certifyPerformer(dependencies), blobs, lines, commands, issued, verified };
  }

  it('records the certificate it has verified as it was stored', async () => {
    const { perform, blobs, commands, issued, verified } = bench(historyOf(...CERTIFYING), [HOLDS]);
    const settle = await perform(ENTRY, NOW);
    expect(commands).to.deep.equal([]);
    const proofs: unknown[] = [];
    await settle(recordingTx(proofs), NOW);
    expect(proofs.at(-1)).to.deep.equal({
      contract: 'abc',
      file: 'certificate',
      municipality: 'mihon',
      valid_until: HOLDS.provenUntil!.toISOString(),
    });
    const [command] = commands;
    expect(command).to.include({ type: 'recordCertified' });
    const { certificate } = command as Extract<Command, { type: 'recordCertified' }>;
    const reader = await blobs.open(OWNER, certificate.blob);
    const chunks: Uint8Array[] = [];
    for await (const chunk of octetsOf(reader)) chunks.push(chunk);
    await reader.close();
    expect(Buffer.concat(chunks).toString()).to.equal('certificate 1');
    expect(certificate.size).to.equal('certificate 1'.length);
    expect(verified).to.deep.equal(['certificate 1']);
    expect(issued[0]!.options).to.include({ reason: '証明' });
    expect(issued[0]!.content).to.include({ title: '合意締結証明書', notice: '試験用・法的効力なし' });
  });

  it('makes one that does not verify anew, and says so', async () => {
    const { perform, commands, verified, lines } = bench(historyOf(...CERTIFYING), [FAILS, HOLDS]);
    await (await perform(ENTRY, NOW))(recordingTx([]), NOW);
    expect(verified).to.deep.equal(['certificate 1', 'certificate 2']);
    expect(commands).to.have.length(1);
    expect(lines.map(({ level, problems }) => [level, problems])).to.deep.equal([
      [50, 'certificate fails B-LTA: dangling: x'],
    ]);
  });

  it('gives up after three, for an operator to look at', async () => {
    const { perform, issued, commands } = bench(historyOf(...CERTIFYING), [FAILS, FAILS, FAILS]);
    const error = await rejection(perform(ENTRY, NOW));
    expect(String(error)).to.include('certificate fails B-LTA: dangling: x');
    expect(error).to.not.have.property('transient');
    expect(issued).to.have.length(3);
    expect(commands).to.deep.equal([]);
  });

  it('does nothing for a contract that already has its certificate, or whose documents are still open', async () => {
    const certificate = { blob: 'abc/0', size: 1, sha256: 'x' };
    const concluded: EventBody[] = [
      ...CERTIFYING,
      { type: 'CertificateIssued', certificate },
      { type: 'ContractConcluded', contractDate: '2026-11-23', recipients: [] },
    ];
    for (const history of [historyOf(...concluded), historyOf(CERTIFYING[0]!)]) {
      const { perform, issued, commands } = bench(history, []);
      await (await perform(ENTRY, NOW))({} as Tx, NOW);
      expect(issued).to.deep.equal([]);
      expect(commands).to.deep.equal([]);
    }
  });
});
