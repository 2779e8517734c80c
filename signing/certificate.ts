/** 合意締結証明書 (R42): drawn, signed once, closed at PAdES B-LTA like every other file (ETSI EN 319 142-1 6.3). */
import { SignPdf } from '@signpdf/signpdf';
import { Signer } from '@signpdf/utils';
import { sha256 } from './cms/algorithms.ts';
import { buildSignature } from './cms/index.ts';
import { conclude } from './conclude.ts';
import { FIRST_HOLE } from './pdf/signature-revision.ts';
import { bytesSource } from './pdf/source.ts';
import type { CertificateContent, CertificateOptions } from './ports.ts';

/**
 * The finished file. Rejects with SigningError: permanently when the font lacks a character (it is named), transiently
 * while an authority cannot be reached.
 */
export async function certificate(
  content: CertificateContent,
  options: CertificateOptions,
): Promise<Uint8Array> {
  const signed = await signedCertificate(content, options);
  const closing = await conclude(bytesSource(signed), options);
  return Buffer.concat([signed, closing.bytes]);
}

async function signedCertificate(content: CertificateContent, options: CertificateOptions): Promise<Buffer> {
  // Drawing needs pdf-lib, a third of a second to load: only who draws pays for it.
  const { drawCertificate } = await import('./certificate/draw.ts');
  for (let hole = FIRST_HOLE; ; ) {
    const signer = new PadesSigner(options);
    try {
      return await new SignPdf().sign(await drawCertificate(content, options, hole), signer);
    } catch (error) {
      if (signer.size <= hole) throw error;
      hole = 2 * signer.size;
    }
  }
}

/** signpdf's port, served by our own CMS: its own signer makes no PAdES signature. */
class PadesSigner extends Signer {
  readonly #options: CertificateOptions;
  /** Octets of the signature made last. */
  size = 0;

  constructor(options: CertificateOptions) {
    super();
    this.#options = options;
  }

  override async sign(octets: Buffer): Promise<Buffer> {
    const { credential, timestampAuthority } = this.#options;
    const der = await buildSignature(sha256(octets), credential, timestampAuthority);
    this.size = der.length;
    return Buffer.from(der);
  }
}
