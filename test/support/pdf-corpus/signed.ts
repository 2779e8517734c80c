/** A PDF that somebody else has signed: openssl makes the CMS, under a certificate that nobody here trusts (ISO 32000-2 12.8). */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onePage } from '../pdf-build.ts';
import { tableFile } from './raw.ts';

const HOLE = 8192;

export interface ForeignSignature {
  readonly scratch: string;
  /** P of a certification signature. */
  readonly docMdp?: number;
  /** Transform parameters of a FieldMDP lock. */
  readonly locks?: string;
}

export function signedFile({ scratch, docMdp, locks }: ForeignSignature): Buffer {
  const transform = (method: string, parameters: string): string =>
    `<</Type /SigRef /TransformMethod /${method} /TransformParams <</Type /TransformParams /V /1.2 ${parameters}>>>>`;
  const references = [
    ...(docMdp === undefined ? [] : [transform('DocMDP', `/P ${docMdp}`)]),
    ...(locks === undefined ? [] : [transform('FieldMDP', locks)]),
  ];
  const signature = [
    "/Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /M (D:20260401090000+09'00')",
    `/ByteRange [0 0000000000 0000000000 0000000000] /Contents <${'0'.repeat(2 * HOLE)}>`,
    references.length === 0 ? '' : `/Reference [${references.join(' ')}]`,
  ].join(' ');
  const perms = docMdp === undefined ? '' : '/Perms <</DocMDP 7 0 R>>';
  const bytes = tableFile(
    {
      ...onePage('/MediaBox [0 0 595 842] /Annots [6 0 R 8 0 R]'),
      1: `<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [6 0 R 8 0 R] /SigFlags 3>> ${perms}>>`,
      6: '<</Type /Annot /Subtype /Widget /FT /Sig /T (Surveyor) /V 7 0 R /F 132 /Rect [0 0 0 0] /P 3 0 R>>',
      7: `<<${signature}>>`,
      8: '<</Type /Annot /Subtype /Widget /FT /Tx /T (amount) /V (100) /F 4 /Rect [72 600 200 620] /P 3 0 R>>',
    },
    { trailer: '/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]' },
  );
  const start = bytes.indexOf('/Contents <') + '/Contents '.length;
  const end = start + 2 * HOLE + 2;
  const range = [start, end, bytes.length - end].map((value) => String(value).padStart(10, '0'));
  bytes.write(`[0 ${range.join(' ')}]`, bytes.indexOf('/ByteRange ') + '/ByteRange '.length, 'latin1');
  const der = detachedSignature(scratch, Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]));
  bytes.write(der.toString('hex'), start + 1, 'latin1');
  return bytes;
}

function detachedSignature(scratch: string, content: Buffer): Buffer {
  const [key, certificate] = [join(scratch, 'other.key'), join(scratch, 'other.pem')];
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  if (!existsSync(key)) {
    const subject = ['-subj', '/C=JP/O=Sample Surveyors/CN=Sample Surveyor'];
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '36500',
      ...subject,
      '-keyout',
      key,
      '-out',
      certificate,
    );
  }
  const [input, output] = [join(scratch, 'content.bin'), join(scratch, 'signature.der')];
  writeFileSync(input, content);
  const files = ['-signer', certificate, '-inkey', key, '-in', input, '-out', output];
  openssl('cms', '-sign', '-binary', '-md', 'sha256', '-outform', 'DER', ...files);
  return readFileSync(output);
}
