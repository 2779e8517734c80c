/** A certification and timestamp authority on loopback that fails, waits and lies as it is told (RFC 3161, RFC 6960, RFC 5280 5). */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OID } from '../../signing/cms/algorithms.ts';
import { readCertificate } from '../../signing/cms/certificate.ts';
import {
  context,
  contextPrimitive,
  element,
  fields,
  generalizedTime,
  integer,
  octetString,
  oid,
  readDer,
  readOid,
  sequence,
  TAG,
} from '../../signing/cms/der.ts';
import { buildSignedContent } from '../../signing/cms/signed-data.ts';
import { certificateList } from '../../signing/credentials/test-authority-answers.ts';
import {
  type CertificateTemplate,
  extension,
  type Identity,
  noCheckExtension,
  positiveSerial,
  purposeExtension,
  revocationExtensions,
  signedSequence,
  signingKeyUsage,
} from '../../signing/credentials/test-authority-pki.ts';
import { credentialOf, DAY, fromNow, issue, issueRoot, keyPemOf, pemOf, timestampExtensions } from './pki.ts';

/** What any of its services may do instead of answering. */
type Failure = 'down' | 'held' | 'garbage' | 'truncated' | 'http-error' | 'redirect' | 'web-page' | 'endless';

export type TsaBehaviour =
  | 'honest'
  | Failure
  | 'refusing'
  | 'wrong-imprint'
  | 'wrong-nonce'
  | 'without-nonce'
  | 'wrong-policy'
  | 'wrong-time'
  | 'wrong-purpose'
  | 'untrusted'
  | 'expired'
  | 'tampered'
  | 'inaccurate';

/** `stale`: given two hours before the authority was opened, though still in force. */
export type OcspBehaviour =
  | 'good'
  | Failure
  | 'unknown'
  | 'revoked'
  | 'stale'
  | 'ran-out'
  | 'stranger'
  | 'try-later';
export type CrlBehaviour = 'good' | Failure | 'revoked' | 'stale' | 'ran-out' | 'delta';

export interface ControllableAuthority {
  readonly timestampUrl: string;
  /** DER. */
  readonly root: Uint8Array;
  readonly signer: Identity;
  tsa: TsaBehaviour;
  ocsp: OcspBehaviour;
  crl: CrlBehaviour;
  /** The policy that each timestamp request named. */
  readonly policiesAsked: (string | null)[];
  /** Connections made to it so far. */
  readonly connections: number;
  /** Ends those that are kept. */
  hangUp(): void;
  /** How often each was asked. */
  readonly asked: { tsa: number; ocsp: number; crl: number };
  /** Resolves when a request to something that is `held` has come. */
  readonly reached: Promise<void>;
  /** Answers what is held as its service behaves now. */
  release(): void;
  /** `nextUpdate` of stale answers. */
  readonly nextUpdate: Date;
  /** Issues a certificate for signing beside the signer's. */
  issueSigner(name: string): Identity;
  /** From now on timestamps are given under a certificate that ends at `notAfter`. */
  replaceTsa(notAfter: Date): void;
  /** Settings with which a gateway signs here; `timestamps` are the authorities' URLs, its own unless told. */
  env(timestamps?: readonly string[], alsoTrusted?: readonly ControllableAuthority[]): Record<string, string>;
  close(): Promise<void>;
}

/** `sources`: where its certificates say that their standing can be asked. */
export async function openAuthority(
  sources: readonly ('ocsp' | 'crl')[] = ['ocsp', 'crl'],
): Promise<ControllableAuthority> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const standing = revocationExtensions(Object.fromEntries(sources.map((kind) => [kind, `${url}/${kind}`])));
  const folder = mkdtempSync(join(tmpdir(), 'controllable-authority-'));
  const root = issueRoot('見本ルート');
  const responder = issue(root, {
    name: '見本応答局',
    extensions: [purposeExtension(OID.ocspSigning, false), noCheckExtension()],
  });
  const issueTsa = (validity: Partial<CertificateTemplate> = {}): Identity =>
    issue(root, { name: '見本時刻局', extensions: [...timestampExtensions(), ...standing], ...validity });
  let tsa = issueTsa();
  const issueSigner = (name: string): Identity =>
    issue(root, { name, extensions: [signingKeyUsage(true), ...standing] });
  const update = { thisUpdate: fromNow(-DAY / 12), nextUpdate: fromNow(DAY / 2) };
  let reach = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const held = new Set<() => void>();
  let connections = 0;
  server.on('connection', () => {
    connections++;
  });

  const authority: ControllableAuthority = {
    timestampUrl: `${url}/tsa`,
    root: root.certificate,
    signer: issueSigner('見本署名者'),
    tsa: 'honest',
    ocsp: 'good',
    crl: 'good',
    policiesAsked: [],
    get connections() {
      return connections;
    },
    hangUp: () => server.closeIdleConnections(),
    asked: { tsa: 0, ocsp: 0, crl: 0 },
    reached,
    release() {
      for (const go of held) go();
      held.clear();
    },
    nextUpdate: update.nextUpdate,
    issueSigner,
    replaceTsa(notAfter) {
      tsa = issueTsa({ notAfter });
    },
    env(timestamps = [authority.timestampUrl], alsoTrusted = []) {
      const file = (name: string, content: string): string => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const roots = [root.certificate, ...alsoTrusted.map((other) => other.root)];
      const trustFiles = roots.map((certificate, i) =>
        file(`root-${i}.pem`, pemOf({ key: root.key, certificate })),
      );
      return {
        KEIYAKUBIN_SIGNING__CREDENTIAL: JSON.stringify({
          type: 'pem',
          keyFile: file('key.pem', keyPemOf(authority.signer)),
          certificatesFile: file('certificates.pem', pemOf(authority.signer, root)),
        }),
        KEIYAKUBIN_SIGNING__TRUST_FILES: JSON.stringify(trustFiles),
        KEIYAKUBIN_SIGNING__TIMESTAMP_AUTHORITIES: JSON.stringify(timestamps.map((one) => ({ url: one }))),
      };
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      rmSync(folder, { recursive: true });
    },
  };

  const answers = {
    tsa: (request: Uint8Array) => {
      const policy = fields(readDer(request)).find((part) => part.tag === TAG.oid);
      authority.policiesAsked.push(policy === undefined ? null : readOid(policy));
      return timestampAs(authority.tsa, request, tsa, root);
    },
    ocsp: (request: Uint8Array) => ocspAs(authority.ocsp, request, responder, update),
    crl: async () => crlAs(authority.crl, root, authority.signer, update),
  };
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const kind = request.url?.slice(1) as keyof typeof answers;
    if (!(kind in answers)) return void response.writeHead(404).end();
    authority.asked[kind]++;
    if (authority[kind] === 'held') {
      await new Promise<void>((go) => {
        held.add(go);
        reach();
      });
    }
    if (response.destroyed || fails(response, authority[kind])) return;
    response.end(await answers[kind](Buffer.concat(chunks)));
  });
  return authority;
}

/** Does what is not an answer; false where there is one to give. */
function fails(response: ServerResponse, behaviour: string): boolean {
  switch (behaviour) {
    case 'down':
      response.destroy();
      return true;
    case 'garbage':
      response.end('契約便');
      return true;
    case 'truncated':
      response.writeHead(200, { 'content-length': 4000 }).flushHeaders();
      response.write('half', () => response.destroy());
      return true;
    case 'http-error':
      response.writeHead(503).end();
      return true;
    case 'redirect':
      response.writeHead(302, { location: '/tsa' }).end();
      return true;
    case 'web-page':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>');
      return true;
    case 'endless':
      response.end(Buffer.alloc(2 << 20));
      return true;
    default:
      return false;
  }
}

async function timestampAs(
  behaviour: TsaBehaviour,
  request: Uint8Array,
  honest: Identity,
  root: Identity,
): Promise<Uint8Array> {
  if (behaviour === 'refusing') return sequence(sequence(integer(2)));
  const parts = fields(readDer(request));
  const imprint = parts[1]!;
  const nonce = parts.filter((part) => part.tag === TAG.integer)[1]!;
  const wrongImprint = sequence(fields(imprint)[0]!.bytes, octetString(new Uint8Array(32)));
  const nonces = { 'wrong-nonce': [integer(Uint8Array.of(0x41))], 'without-nonce': [] } as const;
  const info = sequence(
    integer(1),
    oid(behaviour === 'wrong-policy' ? '2.999.2' : '2.999.1'),
    behaviour === 'wrong-imprint' ? wrongImprint : imprint.bytes,
    integer(positiveSerial()),
    generalizedTime(behaviour === 'wrong-time' ? fromNow(-DAY / 24) : new Date()),
    sequence(integer(behaviour === 'inaccurate' ? Uint8Array.of(0x0e, 0x10) : 1)),
    ...(behaviour === 'wrong-nonce' || behaviour === 'without-nonce' ? nonces[behaviour] : [nonce.bytes]),
  );
  const signer = lyingSigner(behaviour, root) ?? honest;
  const token = await buildSignedContent(OID.tstInfo, info, credentialOf(signer), {
    includeCertificates: true,
  });
  const reply = Uint8Array.from(sequence(sequence(integer(0)), token));
  if (behaviour === 'tampered') reply[reply.length - 1]! ^= 1;
  return reply;
}

function lyingSigner(behaviour: TsaBehaviour, root: Identity): Identity | null {
  switch (behaviour) {
    case 'wrong-purpose':
      return issue(root, { name: '用途違い', extensions: [purposeExtension(OID.timeStamping, false)] });
    case 'untrusted':
      return issue(issueRoot(), { name: '他所の時刻局', extensions: timestampExtensions() });
    case 'expired':
      return issue(root, {
        name: '期限切れ時刻局',
        notAfter: fromNow(-DAY / 2),
        extensions: timestampExtensions(),
      });
    default:
      return null;
  }
}

interface Updates {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/** The times an answer of this kind carries. */
function updatesOf(behaviour: OcspBehaviour | CrlBehaviour, stale: Updates): Updates {
  if (behaviour === 'stale') return stale;
  if (behaviour === 'ran-out') return { thisUpdate: stale.thisUpdate, nextUpdate: fromNow(-DAY / 24) };
  return { thisUpdate: new Date(), nextUpdate: fromNow(DAY) };
}

async function ocspAs(
  behaviour: OcspBehaviour,
  request: Uint8Array,
  responder: Identity,
  stale: Updates,
): Promise<Uint8Array> {
  if (behaviour === 'try-later') return sequence(element(TAG.enumerated, Uint8Array.of(3)));
  const signer =
    behaviour === 'stranger'
      ? issue(issueRoot(), { name: '他所の応答局', extensions: [purposeExtension(OID.ocspSigning, false)] })
      : responder;
  const statuses = {
    unknown: contextPrimitive(2, new Uint8Array()),
    revoked: context(1, generalizedTime(fromNow(-DAY))),
  };
  const status =
    behaviour === 'unknown' || behaviour === 'revoked'
      ? statuses[behaviour]
      : contextPrimitive(0, new Uint8Array());
  const { thisUpdate, nextUpdate } = updatesOf(behaviour, stale);
  const list = fields(fields(fields(readDer(request))[0])[0]);
  const singles = list.map((single) =>
    sequence(
      fields(single)[0]!.bytes,
      status,
      generalizedTime(thisUpdate),
      context(0, generalizedTime(nextUpdate)),
    ),
  );
  const keyHash = createHash('sha1').update(readCertificate(signer.certificate).keyBits).digest();
  const tbs = sequence(context(2, octetString(keyHash)), generalizedTime(new Date()), sequence(...singles));
  const basic = signedSequence(tbs, signer.key, context(0, sequence(signer.certificate)));
  return sequence(
    element(TAG.enumerated, Uint8Array.of(0)),
    context(0, sequence(oid(OID.ocspBasic), octetString(basic))),
  );
}

function crlAs(behaviour: CrlBehaviour, root: Identity, signer: Identity, update: Updates): Uint8Array {
  const serial = Buffer.from(readCertificate(signer.certificate).serial, 'hex');
  return certificateList(
    root,
    updatesOf(behaviour, update),
    behaviour === 'revoked' ? [{ serial, at: fromNow(-DAY) }] : [],
    behaviour === 'delta' ? [extension('2.5.29.27', integer(1), true)] : [],
  );
}
