/** `npm run bench -- page`: what a first look at a contract costs, and what 200 readers do to the pages, beside a plain file server. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkIn } from '../demo/mailboxes.ts';
import { agreedIn } from '../demo/people.ts';
import { startBrowser, visit } from '../test/browsers/driver.ts';
import { contractMail } from '../test/support/acts.ts';
import { createWorld, SATO, samplePdf, type World, YAMADA } from '../test/support/world.ts';
import { median, percentile, table } from './figures.ts';
import { scannedContract } from './page-files.ts';
import type { Reading } from './page-readers.ts';

const MB = 1_048_576;
const LARGE = { pages: 300, octets: 45 * MB };
const READ = { contracts: 8, octets: 5 * MB, pages: 12 };
const [UNLOADED, LOADED] = [20, 200];
/** Contracts on their way through the gateway at once while the bench makes them. */
const IN_FLIGHT = 4;
const DRAWN = `document.querySelector('[data-pages] > .page:first-child canvas') !== null`;

export async function page({ readers }: { readers: number }): Promise<void> {
  const [cpu] = cpus();
  console.log(`page: ${readers} readers, ${cpus().length} cores (${cpu?.model.trim()})`);
  const world = await createWorld({
    engine: 'postgres',
    // Files: the object store of the tests would be served by this very process.
    env: {
      KEIYAKUBIN_WEB__RATE_LIMIT_PER_MINUTE: '10000000',
      KEIYAKUBIN_BLOB_URL: '',
      KEIYAKUBIN_BLOB_ACCESS_KEY_ID: '',
      KEIYAKUBIN_BLOB_SECRET_ACCESS_KEY: '',
    },
  });
  try {
    const web = await world.spawn([], {}, 'web');
    await world.spawn([], {}, 'smtp,worker,scheduler');
    await firstLook(world);
    await underLoad(world, web, readers);
  } finally {
    await world.close();
  }
}

/** Octets that a browser fetches until it shows something, and until page 1 is drawn. */
async function firstLook(world: World): Promise<void> {
  const browser = await startBrowser('Chromium', true);
  const rows: (string | number)[][] = [];
  for (const objectStreams of [true, false]) {
    const name = objectStreams ? 'object streams' : 'plain table';
    const file = scannedContract(LARGE.pages, LARGE.octets, objectStreams);
    const link = await contract(world, `大きな設計図書${rows.length + 1}`, file);
    const reader = await visit(browser, { width: 1280, height: 900, hands: 'mouse', scripts: true });
    const session = await reader.page.createCDPSession();
    await session.send('Network.enable');
    const ours = new Set<string>();
    let octets = 0;
    session.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (request.url.includes('/documents/')) ours.add(requestId);
    });
    session.on('Network.dataReceived', ({ requestId, dataLength }) => {
      if (ours.has(requestId)) octets += dataLength;
    });
    const started = performance.now();
    await reader.open(link);
    await reader.until(DRAWN);
    const shown = performance.now() - started;
    const [until, requests] = [octets, ours.size];
    rows.push([
      name,
      (file.length / MB).toFixed(1),
      requests,
      (until / MB).toFixed(2),
      share(until / file.length),
      Math.round(shown),
    ]);
    if (objectStreams) {
      const fetched = `performance.getEntriesByType('resource').map(({ name }) => name)`;
      const names = await reader.until<string[]>(fetched);
      await printAssets(names.filter((url) => /\.(css|js)$/.test(url) && !url.includes('/pdfjs/')));
    }
    await reader.leave();
  }
  await browser.close();
  const head = ['300 pages', 'MB', 'requests', 'MB before page 1', 'share', 'ms until page 1'];
  console.log(table(head, rows));
}

/** Scripts and styles of the page but the PDF engine, as they are and as they are sent. */
async function printAssets(urls: readonly string[]): Promise<void> {
  const octets = { identity: 0, gzip: 0, br: 0 };
  for (const url of urls) {
    for (const coding of ['identity', 'gzip', 'br'] as const) {
      const response = await fetch(url, { headers: { 'accept-encoding': coding } });
      await response.arrayBuffer();
      octets[coding] += Number(response.headers.get('content-length'));
    }
  }
  const kb = (count: number): string => (count / 1024).toFixed(1);
  console.log(
    table(
      ['scripts and styles', 'files', 'KB', 'KB sent with gzip', 'KB sent with brotli'],
      [['before first paint', urls.length, kb(octets.identity), kb(octets.gzip), kb(octets.br)]],
    ),
  );
}

async function underLoad(world: World, web: ChildProcess, readers: number): Promise<void> {
  const file = scannedContract(READ.pages, READ.octets, true);
  const read = await inFlight(READ.contracts, (index) => contract(world, `読まれる契約${index + 1}`, file));
  const small = await samplePdf();
  const open = await inFlight(UNLOADED + LOADED, (index) =>
    contract(world, `同意する契約${index + 1}`, small),
  );
  const agreed = await Promise.all(open.map(prepared));
  const links = read.map((link) => `${link}\t${link}/documents/1`);
  const post = ({ link, body }: Agreed) => fetch(`${link}/consent`, { method: 'POST', body });
  const ours = await measured(web.pid!, readers, links, agreed, post);

  const folder = await mkdtemp(join(tmpdir(), 'keiyakubin-bench-'));
  await writeFile(join(folder, 'page.html'), await (await fetch(read[0]!)).text());
  await writeFile(join(folder, 'document.pdf'), file);
  const peer = fork(join(import.meta.dirname, 'page-static.ts'), [folder]);
  const [port] = (await once(peer, 'message')) as [number];
  const base = `http://127.0.0.1:${port}`;
  const theirs = await measured(
    peer.pid!,
    readers,
    [`${base}/page.html\t${base}/document.pdf`],
    agreed,
    ({ body }) => fetch(`${base}/consent`, { method: 'POST', body }),
  );
  peer.kill();
  await rm(folder, { recursive: true });
  const head = [
    '',
    'documents read',
    'MB/s',
    'errors',
    'POST p50 alone',
    'POST p50',
    'POST p99',
    'p99 / alone',
    'growth MB',
  ];
  console.log(
    table(head, [
      ['ours', ...row(ours)],
      ['files', ...row(theirs)],
    ]),
  );
  for (const error of [...ours.reading.errors, ...theirs.reading.errors]) console.log(`error: ${error}`);
}

interface Agreed {
  readonly link: string;
  readonly body: URLSearchParams;
}

interface Measured {
  readonly reading: Reading;
  readonly seconds: number;
  readonly alone: readonly number[];
  readonly loaded: readonly number[];
  readonly growthMb: number;
}

const row = ({ reading, seconds, alone, loaded, growthMb }: Measured): (string | number)[] => [
  reading.documents,
  Math.round(reading.megabytes / seconds),
  reading.errors.length,
  median(alone).toFixed(1),
  median(loaded).toFixed(1),
  percentile(loaded, 99).toFixed(1),
  (percentile(loaded, 99) / median(alone)).toFixed(1),
  Math.round(growthMb),
];

/** Consents one after the other, first with nobody else there, then while everybody reads. */
async function measured(
  pid: number,
  readers: number,
  links: readonly string[],
  agreed: readonly Agreed[],
  post: (agreed: Agreed) => Promise<Response>,
): Promise<Measured> {
  const timed = async (one: Agreed): Promise<number> => {
    const started = performance.now();
    const response = await post(one);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`POST answers ${response.status}`);
    return performance.now() - started;
  };
  const alone: number[] = [];
  for (const one of agreed.slice(0, UNLOADED)) alone.push(await timed(one));
  const idle = await memory(pid, 'VmRSS');
  // proc(5): begins the peak anew.
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  const started = performance.now();
  const crowd = fork(join(import.meta.dirname, 'page-readers.ts'), [String(readers), ...links]);
  await once(crowd, 'message');
  const loaded: number[] = [];
  for (const one of agreed.slice(UNLOADED)) loaded.push(await timed(one));
  crowd.send('stop');
  const [reading] = (await once(crowd, 'message')) as [Reading];
  const seconds = (performance.now() - started) / 1000;
  return { reading, seconds, alone, loaded, growthMb: (await memory(pid, 'VmHWM')) - idle };
}

/** MB. */
async function memory(pid: number, figure: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${figure}:\\s+(\\d+) kB`).exec(status)![1]) / 1024;
}

/** Mails a contract in and releases it; resolves to the vendor's link. */
async function contract(world: World, title: string, content: Buffer): Promise<string> {
  await world.mailContract({ text: contractMail(title), pdf: [{ filename: '契約書.pdf', content }] });
  const { mailboxes } = world;
  await world.reply(SATO, await mailboxes.next(SATO.address, new RegExp(`受付.* ${title}$`)), '依頼');
  return linkIn(await mailboxes.next(YAMADA.address, new RegExp(`より${title}への署名依頼`)));
}

/** What the confirmation of this link would post. */
async function prepared(link: string): Promise<Agreed> {
  const confirm = await (await fetch(`${link}/confirm`, { method: 'POST' })).text();
  return { link, body: new URLSearchParams(agreedIn(confirm)) };
}

async function inFlight<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) made[index] = await make(index);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return made;
}

const share = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
