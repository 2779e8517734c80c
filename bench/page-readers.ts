/**
 * People who read contracts all at once, in a process of their own: each opens a page and its document, again and again
 * until told to stop; the first message says that the first octets of a document have reached each, the second what they got.
 */
import { Agent, get } from 'node:http';

export interface Reading {
  readonly pages: number;
  readonly documents: number;
  readonly megabytes: number;
  /** What went wrong, each once. */
  readonly errors: readonly string[];
}

const [count, ...links] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const errors = new Set<string>();
let [pages, reading, documents, octets, stopped] = [0, 0, 0, 0, false];

process.once('message', () => {
  stopped = true;
});
await Promise.all(Array.from({ length: Number(count) }, (_, index) => read(links[index % links.length]!)));
process.send!({ pages, documents, megabytes: octets / 1_048_576, errors: [...errors] } satisfies Reading);
process.disconnect();

/** A link and its document, with a tab between them. */
async function read(link: string): Promise<void> {
  const [page, document] = link.split('\t') as [string, string];
  let begun: (() => void) | undefined = () => {
    reading += 1;
    if (reading === Number(count)) process.send!('reading');
    begun = undefined;
  };
  do {
    await drained(page);
    pages += 1;
    await drained(document, begun);
    documents += 1;
  } while (!stopped);
}

/** `begun` is called at the first octets. */
function drained(url: string, begun?: () => void): Promise<void> {
  return new Promise((resolve) => {
    const failed = (error: Error): void => {
      errors.add(error.message);
      resolve();
    };
    get(url, { agent }, (response) => {
      if (response.statusCode !== 200) errors.add(`status ${response.statusCode}`);
      if (begun) response.once('data', begun);
      response.on('data', (chunk: Buffer) => {
        octets += chunk.length;
      });
      response.once('end', resolve);
      response.once('error', failed);
    }).once('error', failed);
  });
}
