/** LibPDF (@libpdf/core) as a contender. */
import { readFile } from 'node:fs/promises';
import { HttpTimestampAuthority, PDF, type Signer } from '@libpdf/core';
import type { TestAuthority } from '../signing/index.ts';
import { type Assignment, type Contender, LOCATION, REASON } from './seal-contender.ts';

/** Its own API throughout; the key is used by node:crypto, the fastest signer it can be given. */
export async function libpdf({ file, parties }: Assignment, authority: TestAuthority): Promise<Contender> {
  const bytes = new Uint8Array(await readFile(file));
  const { credential } = authority;
  const signer: Signer = {
    certificate: credential.certificate,
    certificateChain: [...credential.chain],
    keyType: 'RSA',
    signatureAlgorithm: 'RSASSA-PKCS1-v1_5',
    sign: (data) => credential.sign(data),
  };
  const timestampAuthority = new HttpTimestampAuthority(authority.timestampUrl);
  return {
    async run() {
      const pdf = await PDF.load(bytes);
      let size = 0;
      for (let party = 1; party <= parties; party++) {
        const level = party === parties ? 'B-LTA' : 'B-T';
        const { bytes, warnings } = await pdf.sign({
          signer,
          timestampAuthority,
          level,
          reason: REASON,
          location: LOCATION,
          fieldName: `keiyakubin-${party}`,
          estimatedSize: 32_768,
        });
        if (warnings.length > 0)
          throw new Error(`LibPDF: ${warnings.map(({ message }) => message).join('; ')}`);
        size = bytes.length;
      }
      return size - bytes.length;
    },
  };
}
