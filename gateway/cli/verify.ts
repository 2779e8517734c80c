/** `keiyakubin verify FILE`: every signature in Japanese or as JSON, without the network. Exit 0 valid, 1 not, 2 could not be judged. */
import { open, readFile } from 'node:fs/promises';
import { type ByteSource, type VerificationReport, verify } from '../../signing/index.ts';
import { unjudged, verificationLines } from '../../templates/index.ts';
import { certificatesIn } from '../jobs/identity.ts';
import type { CommandIo } from './io.ts';

export interface VerifyFileOptions {
  readonly file: string;
  /** PEM or DER files with trust roots. */
  readonly trust: readonly string[];
  /** ISO 8601; now when absent. */
  readonly at?: string | undefined;
  readonly json: boolean;
}

export async function verifyFile(options: VerifyFileOptions, io: CommandIo): Promise<number> {
  const outcome = await judge(options);
  if ('sentence' in outcome) {
    io.err(outcome.sentence);
    return 2;
  }
  io.out(options.json ? JSON.stringify(outcome, null, 2) : verificationLines(outcome).join('\n'));
  return outcome.valid ? 0 : 1;
}

/** Why nothing could be judged. */
interface Unjudged {
  readonly sentence: string;
}

async function judge(options: VerifyFileOptions): Promise<VerificationReport | Unjudged> {
  const at = options.at === undefined ? new Date() : new Date(options.at);
  if (Number.isNaN(at.getTime())) return { sentence: unjudged.noDate(String(options.at)) };
  const trust: Uint8Array[] = [];
  for (const file of options.trust) {
    const content = await opened(file, () => readFile(file));
    if ('sentence' in content) return content;
    try {
      trust.push(...certificatesIn(content));
    } catch {
      return { sentence: unjudged.noCertificate(file) };
    }
  }
  const report = await opened(options.file, () =>
    withFile(options.file, (source) => verify(source, { trust, profile: 'B-LTA', at })),
  );
  const isPdf = 'sentence' in report || !report.problems.some((problem) => problem.startsWith('not-a-pdf'));
  return isPdf ? report : { sentence: unjudged.noPdf(options.file) };
}

/** What `work` reads, or the sentence that says why the file cannot be read. */
async function opened<T>(file: string, work: () => Promise<T>): Promise<T | Unjudged> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    return { sentence: unjudged.notThere(file, code) };
  }
}

async function withFile(
  file: string,
  work: (source: ByteSource) => Promise<VerificationReport>,
): Promise<VerificationReport> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    return await work({
      size,
      async read(offset, length) {
        const buffer = Buffer.alloc(length);
        const { bytesRead } = await handle.read(buffer, 0, length, offset);
        if (bytesRead !== length) throw new RangeError(`read of ${length} at ${offset} leaves the file`);
        return buffer;
      },
    });
  } finally {
    await handle.close();
  }
}
