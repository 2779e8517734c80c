/** A signing world on loopback for tests: authority, timestamps, revocation, and a document on its way through them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpRevocationProvider, httpTimestampAuthority } from '../../signing/cms/index.ts';
import { openTestAuthority, type TestAuthority } from '../../signing/credentials/test-authority.ts';
import {
  bytesSource,
  concatSources,
  conclude,
  prepare,
  seal,
  type TimestampAuthority,
  type VerificationProfile,
  type VerificationReport,
  verify,
} from '../../signing/index.ts';
import { stampFont } from './pdf-tools.ts';

export const FIELDS = ['keiyakubin-1', 'keiyakubin-2'];
export const STAMP = '契約ID 2026-0123-ABCD';
export const REASON = '山田太郎様 yamada@sample.example.jp が2026-11-21 09:25:23 +09:00 JSTに承認しました';

export interface SigningWorld {
  readonly authority: TestAuthority;
  readonly timestampAuthority: TimestampAuthority;
  prepared(upload: Uint8Array, fields?: readonly string[]): Promise<Uint8Array>;
  sealed(file: Uint8Array, field: string): Promise<Uint8Array>;
  concluded(file: Uint8Array): Promise<Uint8Array>;
  /** Prepared, sealed by every party and closed. */
  executed(upload: Uint8Array): Promise<Uint8Array>;
  verified(file: Uint8Array, profile: VerificationProfile): Promise<VerificationReport>;
  close(): Promise<void>;
}

export async function openSigningWorld(): Promise<SigningWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'signing-world-'));
  const authority = await openTestAuthority(folder);
  const trust = [authority.root];
  const timestampAuthority = httpTimestampAuthority({ url: authority.timestampUrl, trust });
  const revocation = httpRevocationProvider({ trust });
  const joined = (file: Uint8Array, revision: { bytes: Uint8Array }): Uint8Array =>
    new Uint8Array(Buffer.concat([file, revision.bytes]));
  const world: SigningWorld = {
    authority,
    timestampAuthority,
    async prepared(upload, fields = FIELDS) {
      const options = { stamp: STAMP, fields, fonts: [stampFont()] };
      return joined(upload, await prepare(bytesSource(upload), options));
    },
    async sealed(file, field) {
      const revision = await seal(bytesSource(file), {
        field,
        credential: authority.credential,
        timestampAuthority,
        reason: REASON,
        location: '日本',
        signingTime: new Date('2026-11-21T00:25:23Z'),
      });
      return joined(file, revision);
    },
    async concluded(file) {
      const halves = [file.subarray(0, 1000), file.subarray(1000)].map(bytesSource);
      return joined(file, await conclude(concatSources(halves), { timestampAuthority, revocation, trust }));
    },
    async executed(upload) {
      let file = await world.prepared(upload);
      for (const field of FIELDS) file = await world.sealed(file, field);
      return world.concluded(file);
    },
    verified: (file, profile) => verify(bytesSource(file), { trust, profile, at: new Date() }),
    async close() {
      await authority.close();
      rmSync(folder, { recursive: true });
    },
  };
  return world;
}
