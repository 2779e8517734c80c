/** `keiyakubin status`: what is there, what waits for whom, what was set aside. Reads the database only; needs no key. */
import { existsSync } from 'node:fs';
import { databaseFile, openDatabase, type Tx } from '../../storage/database.ts';
import { parkedEntries, type WaitingEntry, waitingEntries } from '../../storage/outbox.ts';
import {
  type ContractCount,
  contractNumbers,
  countContracts,
  newestMerkleRoot,
  queueDepth,
} from '../../storage/overview.ts';
import { statusSentences, type WaitingLine } from '../../templates/operation-status.ja.ts';
import { authorityStanding } from '../app/authority-standing.ts';
import { daysLeft, signingCertificates } from '../app/credential-expiry.ts';
import { awaitedFrom, phaseOf } from '../app/waiting.ts';
import type { Config } from '../config.ts';
import type { CommandIo } from './io.ts';

/** What waits longer than this is worth an operator's look. */
const LONG_MS = 3_600_000;
/** While an authority is down in the busiest month, hundreds wait for the same; JSON has them all. */
const LINES = 20;

/** What `--json` prints; times are ISO 8601 UTC. */
export interface Status {
  readonly at: string;
  readonly healthy: boolean;
  readonly database: 'sqlite' | 'postgres';
  readonly blobs: 'files' | 's3';
  readonly queue: 'embedded' | 'redis';
  readonly municipalities: readonly {
    readonly id: string;
    readonly name: string;
    /** By state; states without contracts are left out. */
    readonly contracts: Readonly<Record<string, number>>;
  }[];
  readonly work: { readonly due: number; readonly inHand: number; readonly later: number };
  readonly waiting: readonly (WaitingLine & { readonly municipality: string })[];
  readonly parked: readonly { readonly key: string; readonly type: string; readonly error: string }[];
  readonly certificates: readonly {
    readonly name: string;
    readonly use: 'contracts' | 'mails';
    readonly notAfter: string;
    readonly daysLeft: number;
    readonly municipalities: readonly string[];
  }[];
  /** As they are asked; `serves` is null before the first answer. */
  readonly timestampAuthorities: readonly {
    readonly host: string;
    readonly serves: boolean | null;
    readonly failingSince: string | null;
    readonly reason: string | null;
  }[];
  /** The newest day whose histories are timestamped, and when they were. */
  readonly dailyRoot: { readonly day: string; readonly stampedAt: string } | null;
}

/** Exit code: 0 healthy, 1 something waits for over an hour or was set aside, 2 it cannot be told. */
export async function showStatus(
  { config, json, now }: { readonly config: Config; readonly json: boolean; readonly now: Date },
  io: CommandIo,
): Promise<number> {
  const file = databaseFile(config.dataDirectory);
  // Opening would make it, and an empty one looks healthy.
  if (config.databaseUrl === null && !existsSync(file)) {
    io.err(statusSentences.notThere(file));
    return 2;
  }
  const database = await openDatabase(config);
  try {
    const status = await statusOf(database.knex, config, now);
    if (json) io.out(JSON.stringify(status, null, 2));
    else for (const line of linesOf(status)) io.out(line);
    return status.healthy ? 0 : 1;
  } finally {
    await database.close();
  }
}

async function statusOf(tx: Tx, config: Config, now: Date): Promise<Status> {
  const at = now.toISOString();
  const counts = await countContracts(tx);
  const waiting = await waitingLines(tx);
  const parked = await parkedEntries(tx);
  const root = await newestMerkleRoot(tx);
  const long = waiting.some(({ since }) => now.getTime() - Date.parse(String(since)) > LONG_MS);
  return {
    at,
    healthy: !long && parked.length === 0,
    database: config.databaseUrl === null ? 'sqlite' : 'postgres',
    blobs: config.blobUrl === null ? 'files' : 's3',
    queue: config.redisUrl === null ? 'embedded' : 'redis',
    municipalities: config.municipalities.map(({ id, name }) => ({
      id,
      name,
      contracts: byState(counts, id),
    })),
    work: await queueDepth(tx, at),
    waiting,
    parked,
    certificates: (await signingCertificates(tx)).map((certificate) => {
      const { name, use, notAfter, municipalities } = certificate;
      return { name, use, notAfter, daysLeft: daysLeft(certificate, at), municipalities };
    }),
    timestampAuthorities: await Promise.all(
      config.signing.timestampAuthorities.map(({ url }) => standingOf(tx, new URL(url).host)),
    ),
    dailyRoot: root ? { day: root.day, stampedAt: root.stamped_at } : null,
  };
}

async function standingOf(tx: Tx, host: string): Promise<Status['timestampAuthorities'][number]> {
  const standing = await authorityStanding(tx, host);
  const { failingSince = null, reason = null } = standing ?? {};
  return { host, serves: standing && failingSince === null, failingSince, reason };
}

function byState(counts: readonly ContractCount[], municipality: string): Record<string, number> {
  const own = counts.filter((count) => count.municipality === municipality);
  return Object.fromEntries(
    statusSentences.states.flatMap((state) => {
      const found = own.find((count) => count.state === state);
      return found ? [[state, found.contracts]] : [];
    }),
  );
}

/** One line for what one event asked for, since the documents of a step wait together, and for what concerns no contract's event. */
async function waitingLines(tx: Tx): Promise<Status['waiting']> {
  const groups = new Map<string, WaitingEntry[]>();
  for (const entry of await waitingEntries(tx)) {
    const { municipality, key, type, awaits } = entry;
    const phase = phaseOf(entry);
    const group = phase === key ? `${municipality}:${type}:${awaits}` : `${phase}:${type}`;
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  const waiting = [...groups.values()];
  const ids = waiting.flatMap(([first]) => first!.contract ?? []);
  const numbers = await contractNumbers(tx, ids);
  return waiting.map((entries) => {
    const first = entries[0]!;
    return {
      municipality: first.municipality,
      number: phaseOf(first) === first.key ? null : (numbers.get(first.contract ?? '') ?? null),
      work: first.type,
      entries: entries.length,
      awaits: awaitedFrom(first),
      since: first.since,
      until:
        entries
          .flatMap(({ until }) => until ?? [])
          .sort()
          .at(-1) ?? null,
      failures: Math.max(...entries.map(({ failures }) => failures)),
      nextTry: entries.map(({ notBefore }) => notBefore).sort()[0]!,
    };
  });
}

function linesOf(status: Status): string[] {
  const { waiting, certificates } = status;
  return [
    statusSentences.title(status.at),
    statusSentences.stores(status.database, status.blobs, status.queue),
    ...status.municipalities.map(({ id, name, contracts }) =>
      statusSentences.municipality(
        name,
        id,
        Object.entries(contracts).map(([state, count]) => ({ state, contracts: count })),
      ),
    ),
    statusSentences.queue(status.work),
    waiting.length === 0
      ? statusSentences.nothingWaits
      : statusSentences.waiting(waiting.reduce((sum, { entries }) => sum + entries, 0)),
    ...waiting.slice(0, LINES).map(statusSentences.waitingLine),
    ...(waiting.length > LINES ? [statusSentences.more(waiting.length - LINES)] : []),
    statusSentences.parked(status.parked.length),
    ...(certificates.some(({ use }) => use === 'contracts') ? [] : [statusSentences.noCertificates]),
    ...certificates.map(({ use, name, notAfter, daysLeft }) =>
      statusSentences.certificate(use, name, notAfter, daysLeft),
    ),
    ...status.timestampAuthorities.map(({ host, serves, failingSince }) =>
      statusSentences.authority(host, serves, failingSince),
    ),
    statusSentences.dailyRoot(status.dailyRoot?.day ?? null),
  ];
}
