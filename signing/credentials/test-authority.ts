/** A complete signing world for trials, 「試験用・法的効力なし」: root, signer, RFC 3161 authority, OCSP responder and CRL on loopback. */
import { createHash, X509Certificate } from 'node:crypto';
import type { Server } from 'node:http';
import type { Credential } from '../ports.ts';
import { keyCredential } from './pem.ts';
import { certificateList, ocspReply, timestampReply } from './test-authority-answers.ts';
import type { Identity } from './test-authority-pki.ts';
import { type Answer, attach, listen, type Presence } from './test-authority-server.ts';
import { type AuthorityState, loadOrCreate } from './test-authority-store.ts';

export interface TestAuthority {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  /** RFC 3161 over POST. */
  readonly timestampUrl: string;
  /** DER. */
  readonly root: Uint8Array;
  readonly rootPem: string;
  /** The signing identity 「契約便 試験用署名者（法的効力なし）」. */
  readonly credential: Credential;
  /** Stops serving, or stops watching the process that serves. */
  close(): Promise<void>;
}

const ANSWERS_VALID_FOR_MS = 7 * 86_400_000;

/**
 * Opens the authority kept in `directory`, creating its keys and choosing its port the first time.
 * One process serves; others use its server and one of them takes over when it ends.
 * Rejects with a permanent SigningError when another program has the port.
 */
export async function openTestAuthority(directory: string): Promise<TestAuthority> {
  const state = await loadOrCreate(directory);
  const root = new X509Certificate(state.root.certificate);
  const url = `http://127.0.0.1:${state.port}`;
  const place = await takePlace(state);
  return {
    url,
    timestampUrl: `${url}/timestamp`,
    root: root.raw,
    rootPem: root.toString(),
    credential: credentialOf(state.signer, root),
    close: () => place.leave(),
  };
}

function credentialOf({ key, certificate }: Identity, root: X509Certificate): Credential {
  return keyCredential(
    () => key,
    () => [new X509Certificate(certificate), root],
  );
}

/** Serves when the port is free, else waits beside the one that serves; the first round decides the promise. */
async function takePlace(state: AuthorityState): Promise<{ leave(): Promise<void> }> {
  const identity = createHash('sha256').update(state.root.certificate).digest('hex');
  const answer = answers(state);
  let left = false;
  let server: Server | null = null;
  let presence: Presence | null = null;

  async function serveOrWait(): Promise<void> {
    while (!left) {
      server = await listen(state.port, identity, answer);
      if (server !== null) {
        if (left) await closeServer(server);
        return;
      }
      presence = await attach(state.port, identity);
      if (presence === null) continue;
      // When the port went to a stranger meanwhile nothing can be taken over; requests then fail and say so.
      presence.gone.then(serveOrWait).catch(() => {});
      return;
    }
  }

  await serveOrWait();
  return {
    async leave() {
      left = true;
      presence?.leave();
      await closeServer(server);
    },
  };
}

function closeServer(server: Server | null): Promise<void> {
  return new Promise((resolve) => {
    if (server === null) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function answers(state: AuthorityState): Answer {
  const timestampCredential = credentialOf(state.timestamp, new X509Certificate(state.root.certificate));
  const update = () => {
    const now = Date.now();
    return { thisUpdate: new Date(now), nextUpdate: new Date(now + ANSWERS_VALID_FOR_MS) };
  };
  const ocsp = (request: Uint8Array) => ({
    type: 'application/ocsp-response',
    body: ocspReply(request, state.responder, () => ({ revokedAt: null, ...update() })),
  });
  return async (method, path, body) => {
    if (method === 'POST' && path === '/timestamp')
      return {
        type: 'application/timestamp-reply',
        body: await timestampReply(body, timestampCredential, new Date()),
      };
    if (method === 'POST' && path === '/ocsp') return ocsp(body);
    // RFC 6960 A.1: the request stands in the path, base64 and URL-encoded.
    if (method === 'GET' && path.startsWith('/ocsp/'))
      return ocsp(Buffer.from(decodeURIComponent(path.slice('/ocsp/'.length)), 'base64'));
    if (method === 'GET' && path === '/crl')
      return { type: 'application/pkix-crl', body: certificateList(state.root, update(), []) };
    return null;
  };
}
