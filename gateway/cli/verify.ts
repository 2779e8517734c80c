/**
 * `keiyakubin verify FILE`: the verdict and every signature in Japanese or as JSON, without the network. Exit 0 valid,
 * 1 not, 2 could not be judged.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describeCertificate, sha256Of, type VerificationReport, verify } from '../../signing/index.ts';
import { unjudged, type VerificationTerms, verdictWord, verificationLines } from '../../templates/index.ts';
import type { Config } from '../config.ts';
import { certificatesIn } from '../jobs/certificate-files.ts';
import { testRootFile } from '../jobs/identity.ts';
import { fileErrorCode, withFile } from './file-source.ts';
import type { CommandIo } from './io.ts';

export interface VerifyFileOptions {
  readonly file: string;
  /** PEM or DER files with trust roots. */
  readonly trust: readonly string[];
  /** A day in Japan or ISO 8601 with its zone; now when absent. */
  readonly at?: string | undefined;
  readonly json: boolean;
}

/** Where trust comes from when none is named: the settings, and the test authority of this machine if there is one. */
export function configuredTrust({ signing, dataDirectory }: Config): string[] {
  const test = testRootFile(dataDirectory);
  return [...signing.trustFiles, ...(existsSync(test) ? [test] : [])];
}

export async function verifyFile(options: VerifyFileOptions, io: CommandIo): Promise<number> {
  const outcome = await judge(options);
  if ('sentence' in outcome) {
    io.err(outcome.sentence);
    return 2;
  }
  const { report, terms } = outcome;
  io.out(options.json ? asJson(report, terms) : verificationLines(report, terms).join('\n'));
  return report.valid ? 0 : report.verdict === 'unjudged' ? 2 : 1;
}

/** Why nothing could be judged. */
interface Unjudged {
  readonly sentence: string;
}

interface Judgement {
  readonly report: VerificationReport;
  readonly terms: VerificationTerms;
}

async function judge(options: VerifyFileOptions): Promise<Judgement | Unjudged> {
  const at = options.at === undefined ? new Date() : momentOf(options.at);
  if (at === null) return { sentence: unjudged.noDate(String(options.at)) };
  const trust: { der: Uint8Array; from: string }[] = [];
  for (const file of options.trust) {
    const content = await opened(file, () => readFile(file));
    if ('sentence' in content) return content;
    try {
      trust.push(...certificatesIn(content).map((der) => ({ der, from: file })));
    } catch {
      return { sentence: unjudged.noCertificate(file) };
    }
  }
  const judged = await opened(options.file, () =>
    withFile(options.file, async (source) => {
      const report = await verify(source, { trust: trust.map(({ der }) => der), profile: 'B-LTA', at });
      return { report, size: source.size, sha256: report.sha256 ?? (await sha256Of(source)) };
    }),
  );
  if ('sentence' in judged) return judged;
  const { report, size, sha256 } = judged;
  if (report.problems.some((problem) => problem.startsWith('not-a-pdf'))) {
    return { sentence: unjudged.noPdf(options.file) };
  }
  const roots = trust.map(({ der, from }) => ({ name: describeCertificate(der).subject, from }));
  return { report, terms: { file: { name: options.file, size, sha256 }, at, roots } };
}

/** A bare day means all of it, as it is counted in Japan; a time without its zone would mean another one elsewhere. */
function momentOf(text: string): Date | null {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!day && !/T.*(Z|[+-]\d{2}:?\d{2})$/i.test(text)) return null;
  const moment = new Date(day ? `${text}T23:59:59.999+09:00` : text);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** The schema that docs/kensho.md promises: keys are only ever added. */
function asJson(report: VerificationReport, { file, at, roots }: VerificationTerms): string {
  const { valid, verdict, level, provenUntil, problems, signatures } = report;
  const head = { schema: 1, valid, verdict, word: verdictWord(verdict), level, provenUntil };
  return JSON.stringify({ ...head, problems, signatures, file, at, roots }, null, 2);
}

/** What `work` reads, or the sentence that says why the file cannot be read. */
async function opened<T>(file: string, work: () => Promise<T>): Promise<T | Unjudged> {
  try {
    return await work();
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    return { sentence: unjudged.notThere(file, code) };
  }
}
