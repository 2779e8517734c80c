/** Signs a whole mail so that recipients' programs show who sent it: multipart/signed (RFC 8551 3.5.3, RFC 1847 2.1). */
import { randomBytes } from 'node:crypto';

/** The key that speaks for one sender's address. */
export interface MailSigner {
  /** The most that a signature has, in octets before base64. */
  readonly octets: number;
  /** Detached CMS signature (DER, RFC 5652 5) over `part`; null once the certificate has run out: no mail waits for that. */
  sign(part: Uint8Array): Promise<Uint8Array | null>;
}

const CRLF = '\r\n';
/** RFC 2045 6.8. */
const LINE_CHARACTERS = 76;

/**
 * The mail with its content as the first part and the signature as the second; all fields but Content-* stay where they
 * are. `message` has CRLF line ends and is 7-bit throughout, so that nothing on its way has to recode what is signed.
 */
export async function signedMail(message: Buffer, signer: MailSigner): Promise<Buffer> {
  const end = message.indexOf(CRLF + CRLF);
  // A field goes on in the lines below it that begin with a space.
  const fields = message.toString('latin1', 0, end).split(/\r\n(?![ \t])/);
  const aboutContent = (field: string): boolean => /^content-/i.test(field);
  const content = Buffer.concat([
    Buffer.from(fields.filter(aboutContent).join(CRLF), 'latin1'),
    message.subarray(end),
  ]);
  const signature = await signer.sign(content);
  if (signature === null) return message;
  const boundary = `=_smime_${randomBytes(16).toString('hex')}`;
  const head = [
    ...fields.filter((field) => !aboutContent(field)),
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature";',
    ` micalg=sha-256; boundary="${boundary}"`,
    '',
    `--${boundary}`,
  ];
  const tail = [
    '',
    `--${boundary}`,
    'Content-Type: application/pkcs7-signature; name=smime.p7s',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename=smime.p7s',
    '',
    ...inLines(signature),
    `--${boundary}--`,
    '',
  ];
  return Buffer.concat([
    Buffer.from(`${head.join(CRLF)}${CRLF}`, 'latin1'),
    content,
    Buffer.from(tail.join(CRLF), 'latin1'),
  ]);
}

function inLines(octets: Uint8Array): string[] {
  const base64 = Buffer.from(octets).toString('base64');
  return base64.match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? [];
}
