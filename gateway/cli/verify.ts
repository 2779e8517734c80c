/** `keiyakubin verify FILE`: every signature in Japanese or as JSON, without the network. Exit 0 valid, 1 not, 2 could not be judged. */
import { open, readFile } from 'node:fs/promises';
import { type ByteSource, SigningError, type VerificationReport, verify } from '../../signing/index.ts';
import { verificationLines } from '../../templates/index.ts';
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
  const at = options.at === undefined ? new Date() : new Date(options.at);
  if (Number.isNaN(at.getTime())) {
    io.err(`--at ${options.at}: not a date`);
    return 2;
  }
  const trust = (await Promise.all(options.trust.map((file) => readFile(file)))).flatMap(certificatesIn);
  const report = await withFile(options.file, (source) => verify(source, { trust, profile: 'B-LTA', at }));
  if ('unreadable' in report) {
    io.err(report.unreadable);
    return 2;
  }
  io.out(options.json ? JSON.stringify(report, null, 2) : verificationLines(report).join('\n'));
  return report.valid ? 0 : 1;
}

async function withFile(
  file: string,
  work: (source: ByteSource) => Promise<VerificationReport>,
): Promise<VerificationReport | { unreadable: string }> {
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
  } catch (error) {
    if (error instanceof SigningError) return { unreadable: `${file}: ${error.message}` };
    throw error;
  } finally {
    await handle.close();
  }
}
