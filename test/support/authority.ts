/** A certification and timestamp authority on loopback that fails, waits and lies as it is told (RFC 3161, RFC 6960, RFC 5280 5). */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OID } from '../../signing/cms/algorithms.ts';
import { fields, readDer, readOid, TAG } from '../../signing/cms/der.ts';
import {
  type CertificateTemplate,
  type Identity,
  noCheckExtension,
  purposeExtension,
  revocationExtensions,
  signingKeyUsage,
} from '../../signing/credentials/test-authority-pki.ts';
import {
  type CrlBehaviour,
  crlAs,
  type OcspBehaviour,
  ocspAs,
  type TsaBehaviour,
  timestampAs,
} from './authority-answers.ts';
import { DAY, fromNow, issue, issueRoot, keyPemOf, pemOf, timestampExtensions } from './pki.ts';

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
  // Connections end when a test says so, however long it takes between two requests.
  server.keepAliveTimeout = 0;
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
