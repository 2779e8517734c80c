/** The text of PDFs, read within bounds of pages, time and memory, so that no document can hold up a mail (R19). */
import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadPdfText } from '../app/document-texts.ts';

export interface TextQuestion {
  readonly content: Uint8Array;
  readonly maxPages: number;
  readonly maxCharacters: number;
}

export interface TextAnswer {
  readonly pages: string[] | null;
}

export interface PdfTextLimits {
  readonly maxPages: number;
  readonly maxCharacters: number;
  /** One document may take so long, milliseconds. */
  readonly milliseconds: number;
  /** Heap of the reading process, MiB. */
  readonly mebibytes: number;
}

/** Without a document for so long the process ends: it limits nothing, the next document starts it again. */
const IDLE_MS = 60_000;

export interface PdfText {
  /** Text of each page, as far as the bounds reach; null when it cannot be read. One document at a time. */
  readonly read: ReadPdfText;
  close(): void;
}

/** `onGivenUp` hears of a document that ended its process or took too long. The process starts with the first document, and again after one that had to be given up. */
export function pdfText(onGivenUp: () => void, limits: PdfTextLimits): PdfText {
  let reader: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const close = (): void => {
    clearTimeout(idle);
    reader?.kill('SIGKILL');
    reader = undefined;
  };
  const readNow = (content: Uint8Array): Promise<string[] | null> => {
    clearTimeout(idle);
    reader ??= startReader(limits);
    const asked = reader;
    return new Promise((resolve) => {
      const settle = (pages: string[] | null, readable: boolean): void => {
        clearTimeout(timer);
        asked.off('message', answered).off('error', failed).off('exit', failed);
        if (readable) idle = setTimeout(close, IDLE_MS).unref();
        else if (reader === asked) close();
        resolve(pages);
      };
      const answered = (answer: unknown): void => settle((answer as TextAnswer).pages, true);
      const failed = (): void => {
        onGivenUp();
        settle(null, false);
      };
      const timer = setTimeout(failed, limits.milliseconds);
      asked.on('message', answered).on('error', failed).on('exit', failed);
      const { maxPages, maxCharacters } = limits;
      asked.send({ content, maxPages, maxCharacters } satisfies TextQuestion, (error) => error && failed());
    });
  };
  return {
    read(content) {
      const reading = turn.then(() => readNow(content));
      turn = reading;
      return reading;
    },
    close,
  };
}

function startReader({ mebibytes }: PdfTextLimits): ChildProcess {
  const file = fileURLToPath(new URL(`./pdf-text-worker${extname(import.meta.url)}`, import.meta.url));
  const reader = fork(file, [], {
    // A hostile document finds no secret of ours in there.
    env: {},
    execArgv: [...process.execArgv, `--max-old-space-size=${mebibytes}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  reader.unref();
  reader.channel?.unref();
  return reader;
}
