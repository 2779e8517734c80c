/** Keeps the test authority's keys, certificates and port in one file, made once however many processes start. */
import { createPrivateKey, randomInt, randomUUID, X509Certificate } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { OID } from '../cms/algorithms.ts';
import { SigningError } from '../ports.ts';
import {
  authorityExtensions,
  type Identity,
  issueIdentity,
  noCheckExtension,
  purposeExtension,
  revocationExtensions,
  signingKeyUsage,
} from './test-authority-pki.ts';

const ROLES = ['root', 'timestamp', 'responder', 'signer'] as const;
type Role = (typeof ROLES)[number];

export interface AuthorityState extends Readonly<Record<Role, Identity>> {
  readonly port: number;
}

type StoredState = { readonly port: number } & Readonly<Record<Role, { key: string; certificate: string }>>;

const FILE = 'authority.json';
const DAY = 86_400_000;
const YEAR = 365.25 * DAY;

/**
 * The authority in `directory` (created with mode 0700), made now when there is none yet. Rejects with the file system's
 * errors, and with a permanent SigningError where what is kept cannot be read: made anew, it would orphan what was sealed.
 */
export async function loadOrCreate(directory: string): Promise<AuthorityState> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, FILE);
  const text = await readIfThere(file);
  if (text !== null) return parse(text, file);
  const draft = join(directory, `.${FILE}.${randomUUID()}`);
  await writeFile(draft, serialize(await create()), { mode: 0o600 });
  await chmod(draft, 0o600);
  try {
    // A link, unlike a rename, fails when another process was first: then its authority is everybody's.
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
  return parse(await readFile(file, 'utf8'), file);
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function serialize(state: AuthorityState): string {
  const roles = ROLES.map((role) => {
    const { key, certificate } = state[role];
    const stored = {
      key: key.export({ format: 'pem', type: 'pkcs8' }),
      certificate: new X509Certificate(certificate).toString(),
    };
    return [role, stored] as const;
  });
  return `${JSON.stringify({ port: state.port, ...Object.fromEntries(roles) }, null, 2)}\n`;
}

function parse(text: string, file: string): AuthorityState {
  try {
    return stateOf(JSON.parse(text) as StoredState);
  } catch (cause) {
    throw new SigningError(`the test authority in ${file} is broken`, { transient: false, cause });
  }
}

function stateOf(stored: StoredState): AuthorityState {
  const identity = ({ key, certificate }: StoredState[Role]): Identity => ({
    key: createPrivateKey(key),
    certificate: new X509Certificate(certificate).raw,
  });
  return {
    port: stored.port,
    root: identity(stored.root),
    timestamp: identity(stored.timestamp),
    responder: identity(stored.responder),
    signer: identity(stored.signer),
  };
}

async function create(): Promise<AuthorityState> {
  const port = await choosePort();
  const url = `http://127.0.0.1:${port}`;
  const now = Date.now();
  const notBefore = new Date(now - DAY);
  const validFor = (years: number) => ({ notBefore, notAfter: new Date(now + years * YEAR) });
  const revocation = revocationExtensions({ ocsp: `${url}/ocsp`, crl: `${url}/crl` });
  const root = await issueIdentity(
    { name: '契約便 試験用認証局（法的効力なし）', ...validFor(20), extensions: authorityExtensions() },
    null,
  );
  const [timestamp, responder, signer] = await Promise.all([
    issueIdentity(
      {
        name: '契約便 試験用タイムスタンプ局（法的効力なし）',
        ...validFor(10),
        extensions: [signingKeyUsage(false), purposeExtension(OID.timeStamping, true), ...revocation],
      },
      root,
    ),
    issueIdentity(
      {
        name: '契約便 試験用OCSPレスポンダ（法的効力なし）',
        ...validFor(10),
        extensions: [
          signingKeyUsage(false),
          purposeExtension(OID.ocspSigning, false),
          noCheckExtension(),
          ...revocation,
        ],
      },
      root,
    ),
    issueIdentity(
      {
        name: '契約便 試験用署名者（法的効力なし）',
        ...validFor(10),
        extensions: [signingKeyUsage(true), ...revocation],
      },
      root,
    ),
  ]);
  return { port, root, timestamp, responder, signer };
}

/** A free loopback port below those the system hands out by itself, so that it is still free after a restart. */
async function choosePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1' }, () => probe.close(() => resolve(true)));
  });
}
