// Every setting with its type, default and reason; docs/settings.md names them all for the operator.
import { z } from 'zod';
import { readBlobUrl } from './blob-url.ts';
import { contract } from './contract.ts';
import { credential } from './credential.ts';
import { answers, attachments, documentText, mail, search, verification } from './mail.ts';
import { municipality, sampleMunicipality } from './municipality.ts';
import { registration } from './registration.ts';
import { timestampAuthority } from './timestamp-authority.ts';
import { address, count, MEBIBYTE, name, octets, port, seconds } from './values.ts';

const smtpRelay = z.strictObject({
  /** Shown in logs and in the evidence of who delivered a mail. */
  name,
  /** CIDR networks the relay connects from. */
  networks: z.array(z.union([z.cidrv4(), z.cidrv6()])).min(1),
  /** `submission`: only insiders reach it, From is believed; `mx`: only its Authentication-Results is; `direct`: strangers, we ask their DNS. */
  kind: z.enum(['submission', 'mx', 'direct']),
  /** The authserv-id this relay writes (RFC 8601); required for `mx`. */
  authservId: name.exactOptional(),
});

const smtpAccount = z.strictObject({
  username: name,
  /** scrypt hash as `gateway/passwords.ts` writes it; never the password itself. */
  passwordHash: name,
  /** The From addresses this account may use. */
  addresses: z.array(address).min(1),
});

const smtp = z.strictObject({
  host: name.default('127.0.0.1'),
  /** 0 lets the system choose. */
  port: port.default(2525),
  /** Our name in the greeting. */
  hostname: name.default('localhost'),
  /** Key and certificate for STARTTLS; null offers neither STARTTLS nor AUTH. A change of the files, or SIGHUP, takes them on. */
  tls: z.strictObject({ keyFile: name, certFile: name }).nullable().default(null),
  /** Largest mail accepted, octets on the wire (base64 included). */
  maxMessageOctets: octets.default(70 * MEBIBYTE),
  /** Connections served at once. */
  maxClients: count.default(100),
  /** Recipients that one mail may name in its envelope; RFC 5321 §4.5.3.1.8 allows no fewer. */
  maxRecipients: count.min(100).default(100),
  /** A client that says nothing for so long is let go; RFC 5321 §4.5.3.2.7 allows no less. */
  idleSeconds: seconds.min(300).default(300),
  /** Sessions under way may go on for so long when the server is told to stop. */
  closeSeconds: seconds.default(10),
  /** DNS has so long to say whether SPF forbids a mail from a `direct` client; later it is taken and judged whole, seconds. */
  spfSeconds: seconds.default(20),
  /** Mail from a `direct` client whose sender's DNS does not answer is judged again for so long, then without it, hours. */
  dnsHours: count.default(4),
  relays: z
    .array(smtpRelay)
    .default([{ name: 'loopback', networks: ['127.0.0.0/8', '::1/128'], kind: 'submission' }]),
  accounts: z.array(smtpAccount).default([]),
  /** Wrong logins from one client address (IPv6: its /64) each hour; further ones are not checked. */
  wrongLoginsPerAddressPerHour: count.default(60),
  /** Wrong logins to one account each hour, from addresses that have not logged in to it before. */
  wrongLoginsPerAccountPerHour: count.default(100),
  /** Passwords checked at once: each takes one of the process's four threads for files for a tenth of a second. */
  loginChecksAtOnce: count.default(2),
});

const web = z.strictObject({
  host: name.default('127.0.0.1'),
  /** 0 lets the system choose. */
  port: port.default(8080),
  /** What stands before every link in a mail: scheme and host, no path. */
  publicUrl: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
  /** True only behind one proxy of ours, which writes the address it sees into X-Forwarded-For, last or alone. */
  trustProxy: z.boolean().default(false),
  /** Requests a client address may make each minute. */
  rateLimitPerMinute: count.default(300),
  /** Forms that may be sent to one link each minute. */
  postsPerLinkPerMinute: count.default(30),
  /** Fresh links that may be asked for from one client address each hour. */
  freshLinksPerAddressPerHour: count.default(20),
  /** Key and certificate chain (PEM) to speak TLS with; null leaves that to a proxy. A change of the files, or SIGHUP, takes them on. */
  tls: z.strictObject({ keyFile: name, certFile: name }).nullable().default(null),
  /** A request's head has so long to arrive. */
  headersSeconds: seconds.default(20),
  /** … and the whole request so long. */
  requestSeconds: seconds.default(60),
  /** A connection on which nothing moves is closed after so long. */
  idleSeconds: seconds.default(120),
  /** Largest form that a page posts, octets. */
  maxBodyOctets: octets.default(65_536),
  /** The same for the consent page's, which bring what stands in the boxes of `contract.maxBoxes`. */
  maxConsentOctets: octets.default(524_288),
  /** Largest `municipalities[].face.logoFile`, which every page loads, octets. */
  maxLogoOctets: octets.default(204_800),
  /** Reads of documents that are decrypted at once; the rest waits its turn, behind forms. */
  readsAtOnce: count.default(4),
  /** During an outage browsers are told to try again so soon. */
  retryAfterSeconds: seconds.default(5),
  /** Downloads under way may go on for so long when the server is told to stop. */
  closeSeconds: seconds.default(5),
});

const relayRetry = z.strictObject({
  /** Wait before the second attempt, seconds. */
  firstSeconds: seconds.default(60),
  /** Each further wait is this many times longer. */
  factor: z.number().min(1).max(10).default(2),
  /** Longest wait between two attempts, seconds. */
  maxSeconds: seconds.default(3600),
  /** After this many hours the mail counts as undelivered and staff hear of it. */
  giveUpAfterHours: count.default(72),
});

const relay = z.strictObject({
  /** The mail server that sends our mail on. */
  host: name.default('127.0.0.1'),
  port: port.default(1025),
  /** TLS from the first octet (usually port 465). */
  secure: z.boolean().default(false),
  user: name.nullable().default(null),
  /** Only from the environment or `passwordFile`. */
  password: name.nullable().default(null),
  /** File whose first line is the password. */
  passwordFile: name.nullable().default(null),
  /** Refuse to send unless STARTTLS succeeds. */
  requireTls: z.boolean().default(false),
  /** Ask a relay that offers DSN to report when the recipient's server has taken a contract's mail (RFC 3461); 状況 shows it. */
  arrivalReports: z.boolean().default(true),
  retry: relayRetry.prefault({}),
});

/** Not 02-29, and no 02-30, which Date would take for a day of March. */
function isDayOfEveryYear(text: string): boolean {
  const day = new Date(`2023-${text}T00:00:00Z`);
  return /^\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().slice(5, 10) === text;
}

const monthDay = z.string().refine(isDayOfEveryYear, 'must be month and day of every year, such as 06-01');

/** Proofs are renewed before they run out (R56). */
const renewal = z.strictObject({
  /** The day of the yearly run, which begins at 02:00 in Japan. */
  monthDay: monthDay.default('06-01'),
  /** Files whose proof ends within so many days are renewed. */
  withinDays: count.max(36_500).default(730),
  /** Files begun each minute, so that timestamp authorities are not flooded. */
  perMinute: count.default(30),
  /** Files that could not be renewed and are named in a run's report; the rest is counted. */
  failuresListed: count.max(500).default(30),
});

const signing = z.strictObject({
  credential: credential.default({ type: 'test' }),
  /** An HSM has so long to answer; later the work waits and is tried again, seconds. */
  hsmSeconds: seconds.default(60),
  /** RFC 3161 timestamp authorities in the order they are asked; none uses the built-in test authority. */
  timestampAuthorities: z.array(timestampAuthority).default([]),
  /** An authority that failed is asked last for so long, seconds. */
  timestampPauseSeconds: seconds.default(300),
  /** PEM or DER roots that signatures and timestamps must lead to. */
  trustFiles: z.array(name).default([]),
  /** TrueType/OpenType fonts for characters the built-in one lacks (rare names, IVS); the first that has one draws it. */
  fontFiles: z.array(name).default([]),
  /** Before a seal, proof that the signer's certificate is not revoked may be this old, hours. */
  revocationMaxAgeHours: count.default(24),
  /** A request for proof of non-revocation (OCSP, CRL) without its whole answer by then has failed. */
  revocationSeconds: seconds.default(20),
  /** Octets of the largest revocation list (CRL) that is taken. */
  crlMaxOctets: octets.default(64 * MEBIBYTE),
  /** Let mail sealed by the test authority leave this machine; for trials only. */
  allowTestAuthority: z.boolean().default(false),
  renewal: renewal.prefault({}),
});

const operator = z.strictObject({
  /** Who runs this installation: hears of certificates that run out or are revoked. */
  addresses: z.array(address).default([]),
  /** A certificate that runs out is announced these many days before, and on the day itself. */
  credentialWarningDays: z.array(count).default([60, 30, 7]),
  /** Mails that were held back and are listed in the morning's mail about them; the rest is counted. */
  heldListed: count.max(500).default(50),
});

const jobs = z.strictObject({
  /** Outbox entries one worker performs at once. */
  concurrency: count.default(2),
  /** A claimed entry is free again after this many seconds without a sign of life from its worker. */
  leaseSeconds: seconds.default(120),
  /** An entry handed to Redis this long ago that no worker has claimed is handed over again, seconds. */
  requeueSeconds: seconds.default(60),
});

const blobUrl = name.superRefine((text, context) => {
  const location = readBlobUrl(text);
  if ('problem' in location) context.addIssue({ code: 'custom', message: location.problem });
});

/** The whole configuration; `schema.parse({})` is a system that runs on one machine. */
export const schema = z.strictObject({
  /** Everything the system keeps, the master key apart. */
  dataDirectory: name.default('./data'),
  /** Where the master key lies (mode 0600), outside `dataDirectory` and its backups. */
  masterKeyFile: name.default('./keiyakubin-master.key'),
  /** The master key itself, base64 of 32 octets; only from the environment. */
  masterKey: z.base64().nullable().default(null),
  /** `s3://bucket/prefix?endpoint=…&region=…` keeps documents and mails there, still encrypted; null: in `dataDirectory`. */
  blobUrl: blobUrl.nullable().default(null),
  blobAccessKeyId: name.nullable().default(null),
  /** Only from the environment or `blobSecretAccessKeyFile`. */
  blobSecretAccessKey: name.nullable().default(null),
  /** File whose first line is the secret key. */
  blobSecretAccessKeyFile: name.nullable().default(null),
  /** The store has so long to take a connection, seconds. */
  blobConnectSeconds: seconds.default(10),
  /** … and may be silent for so long in the middle of an answer, seconds. */
  blobSilenceSeconds: seconds.default(60),
  /** `postgres://…`; null keeps the rows in SQLite below `dataDirectory`. A password in it only from the environment. */
  databaseUrl: z
    .url({ protocol: /^postgres(ql)?$/ })
    .nullable()
    .default(null),
  /** Connections to PostgreSQL that one process opens at most. */
  databasePoolSize: count.default(10),
  /** PostgreSQL has so long to take a connection, seconds. */
  databaseConnectSeconds: seconds.default(10),
  /** Work waits so long for a free connection to PostgreSQL, or for SQLite's file while another process writes, seconds. */
  databaseWaitSeconds: seconds.default(15),
  /** PostgreSQL ends a transaction in which nothing has happened for so long: a process that hangs must not hold its locks for ever, seconds. */
  databaseStallSeconds: seconds.default(60),
  /** `redis://…` or `rediss://…`: brings outbox entries to workers in other processes; null works within this one. */
  redisUrl: z
    .url({ protocol: /^rediss?$/ })
    .nullable()
    .default(null),
  /** Stands before every key in Redis, so that installations can share one. */
  redisPrefix: name.default('keiyakubin'),
  /** What Redis is asked has failed after so long, and is asked again later, seconds. */
  redisAnswerSeconds: seconds.default(5),
  smtp: smtp.prefault({}),
  web: web.prefault({}),
  relay: relay.prefault({}),
  municipalities: z.array(municipality).min(1).default([sampleMunicipality]),
  contract: contract.prefault({}),
  answers: answers.prefault({}),
  search: search.prefault({}),
  verification: verification.prefault({}),
  registration: z.strictObject(registration).prefault({}),
  mail: mail.prefault({}),
  documentText: documentText.prefault({}),
  attachments: attachments.prefault({}),
  signing: signing.prefault({}),
  operator: operator.prefault({}),
  jobs: jobs.prefault({}),
  log: z
    .strictObject({
      level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    })
    .prefault({}),
});

/** A parsed configuration, before it is frozen. */
export type Settings = z.output<typeof schema>;
