/**
 * `keiyakubin seal IN --out OUT --authority DIR --consent …`: the signer alone, for scripts and measurements. Only the
 * test authority kept in DIR signs: no setting is read, so no production key can be reached from here (R59).
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { appendFile, link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  allProblems,
  consentField,
  httpRevocationProvider,
  httpTimestampAuthority,
  inspect,
  openGrowing,
  openTestAuthority,
  SigningError,
  type TestAuthority,
  verify,
} from '../../signing/index.ts';
import { refusalSentence, sealCommand, sealReason, trialStamp } from '../../templates/index.ts';
import { defaultFont } from '../jobs/identity.ts';
import { fileErrorCode, withFile } from './file-source.ts';
import type { CommandIo } from './io.ts';

export interface SealFileOptions {
  readonly file: string;
  readonly out: string | undefined;
  readonly authority: string | undefined;
  /** 「氏名;役割;メールアドレス;日時」 each, in the order of the signatures. */
  readonly consents: readonly string[];
}

interface GivenConsent {
  readonly name: string;
  readonly role: string;
  readonly address: string;
  readonly at: Date;
}

/** A consent may be dated as far ahead of our clock as clocks differ (decided 9). */
const CLOCK_TOLERANCE_MS = 300_000;

const STOPPING = ['SIGINT', 'SIGTERM'] as const;

/** Something the caller has to mend; the message is the sentence for it. */
class Refused extends Error {}

/** Exit 0 with OUT written whole, 2 with a sentence and nothing written. */
export async function sealFile(options: SealFileOptions, io: CommandIo): Promise<number> {
  try {
    io.out(await sealed(options));
    return 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    io.err(error.message);
    return 2;
  }
}

async function sealed({
  file,
  out,
  authority: directory,
  consents: given,
}: SealFileOptions): Promise<string> {
  if (out === undefined) throw new Refused(sealCommand.missing('--out'));
  if (directory === undefined) throw new Refused(sealCommand.missing('--authority'));
  if (given.length === 0) throw new Refused(sealCommand.noConsent);
  const consents = given.map(consentOf);
  if (await isThere(out)) throw new Refused(sealCommand.outExists(out));
  const part = `${out}.${randomUUID()}.part`;
  const letGo = removedWhenStopped(part);
  try {
    await copied(file, part, out);
    const sha256 = await inspected(part, file);
    const { authority, root } = await opened(directory);
    try {
      await appendAll(part, authority, consents, sha256);
      await published(part, out);
      return sealCommand.done(out, root);
    } finally {
      await authority.close();
    }
  } finally {
    await rm(part, { force: true });
    letGo();
  }
}

/** Removes `part` when the process is told to stop, which then ends as it would have; until the result is called. */
function removedWhenStopped(part: string): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    rmSync(part, { force: true });
    letGo();
    process.kill(process.pid, signal);
  };
  const letGo = (): void => {
    for (const signal of STOPPING) process.off(signal, stop);
  };
  for (const signal of STOPPING) process.on(signal, stop);
  return letGo;
}

function consentOf(text: string): GivenConsent {
  const parts = text.split(';').map((one) => one.trim());
  const [name, role, address, time] = parts;
  if (parts.length !== 4 || !name || !role || !address || !time) {
    throw new Refused(sealCommand.badConsent(text));
  }
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(address)) throw new Refused(sealCommand.badAddress(address));
  const at = new Date(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(time) ? time : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new Refused(sealCommand.badTime(time));
  if (at.getTime() > Date.now() + CLOCK_TOLERANCE_MS) throw new Refused(sealCommand.aheadOfClock(at));
  return { name, role, address, at };
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** The authority kept in `directory`, and the file beside it with its root. */
async function opened(directory: string): Promise<{ authority: TestAuthority; root: string }> {
  let authority: TestAuthority | null = null;
  try {
    authority = await openTestAuthority(directory);
    const root = join(directory, 'root.pem');
    await writeFile(root, authority.rootPem);
    return { authority, root };
  } catch (error) {
    await authority?.close();
    const reason = fileErrorCode(error) ?? (error instanceof SigningError ? error.message : undefined);
    if (reason === undefined) throw error;
    throw new Refused(sealCommand.badAuthority(directory, reason));
  }
}

/** All work is done on a copy beside OUT, so that a file that changes meanwhile does no harm. */
async function copied(file: string, part: string, out: string): Promise<void> {
  try {
    await pipeline(createReadStream(file), createWriteStream(part, { flags: 'wx' }));
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    const { path, syscall } = error as NodeJS.ErrnoException;
    const writing = path === part || syscall === 'write';
    throw new Refused(writing ? sealCommand.notWritable(out, code) : sealCommand.notReadable(file, code));
  }
}

/** SHA-256 of a document that can be sealed. */
async function inspected(part: string, file: string): Promise<string> {
  const found = await withFile(part, (source) => inspect(source));
  if (found.ok) return found.sha256;
  throw new Refused(refusalSentence(`pdf-refused:${found.code}`, { file }));
}

/** Appends every revision to `part` and lets the file count only once it verifies. */
async function appendAll(
  part: string,
  authority: TestAuthority,
  consents: readonly GivenConsent[],
  sha256: string,
): Promise<void> {
  const trust = [authority.root];
  const timestampAuthority = httpTimestampAuthority({ url: authority.timestampUrl, trust });
  const revisions = await withFile(part, async (source) => {
    const document = await openGrowing(source);
    const fields = consents.map((_, index) => consentField(index + 1));
    const fonts = [await readFile(defaultFont())];
    const made = [await document.prepare({ stamp: trialStamp(sha256), fields, fonts })];
    for (const [index, { name, role, address, at }] of consents.entries()) {
      const reason = sealReason({
        name: `${role} ${name}`,
        address,
        consentedAt: at,
        nameHolder: null,
        authority: null,
        decisionNumber: null,
        certificateId: null,
        testAuthority: true,
      });
      made.push(
        await document.seal({
          field: fields[index]!,
          credential: authority.credential,
          timestampAuthority,
          reason,
          location: '日本',
          signingTime: new Date(),
        }),
      );
    }
    const revocation = httpRevocationProvider({ trust });
    made.push(await document.conclude({ timestampAuthority, revocation, trust }));
    return made;
  });
  for (const { bytes } of revisions) await appendFile(part, bytes);
  const report = await withFile(part, (source) =>
    verify(source, { trust, profile: 'B-LTA', at: new Date() }),
  );
  if (!report.valid) {
    throw new Error(`the sealed file does not verify: ${report.verdict} ${allProblems(report).join('; ')}`);
  }
}

/** A link, unlike a rename, never replaces what somebody else has put there meanwhile. */
async function published(part: string, out: string): Promise<void> {
  await link(part, out).catch((error) => {
    const code = fileErrorCode(error);
    if (code === 'EEXIST') throw new Refused(sealCommand.outExists(out));
    throw new Refused(sealCommand.notWritable(out, code ?? String(error)));
  });
}
