/** Answers as an authority gives them: timestamp tokens, OCSP responses and CRLs (RFC 3161 2.4.2, RFC 6960 4.2, RFC 5280 5). */
import { createHash } from 'node:crypto';
import { OID } from '../cms/algorithms.ts';
import { readCertificate } from '../cms/certificate.ts';
import {
  certificateTime,
  context,
  contextPrimitive,
  element,
  fields,
  generalizedTime,
  integer,
  MalformedDer,
  octetString,
  oid,
  readDer,
  sequence,
  TAG,
} from '../cms/der.ts';
import { buildSignedContent } from '../cms/signed-data.ts';
import type { Credential } from '../ports.ts';
import {
  extension,
  type Identity,
  positiveSerial,
  signatureAlgorithmOf,
  signedSequence,
} from './test-authority-pki.ts';

/** The arc for examples (ITU-T X.660 A.3): nobody's policy, so nobody can rely on it. */
const TEST_POLICY = '2.999.1';

/** TimeStampResp to the TimeStampReq `request`; throws MalformedDer when it is none. */
export async function timestampReply(
  request: Uint8Array,
  credential: Credential,
  time: Date,
): Promise<Uint8Array> {
  const [, imprint, ...options] = fields(readDer(request));
  if (imprint === undefined) throw new MalformedDer('the request has no imprint');
  const nonce = options.find((option) => option.tag === TAG.integer);
  const certReq = options.some((option) => option.tag === TAG.boolean && option.value[0] !== 0);
  const info = sequence(
    integer(1),
    oid(TEST_POLICY),
    imprint.bytes,
    integer(positiveSerial()),
    generalizedTime(time),
    sequence(integer(1)),
    ...(nonce === undefined ? [] : [nonce.bytes]),
  );
  const token = await buildSignedContent(OID.tstInfo, info, credential, { includeCertificates: certReq });
  return sequence(sequence(integer(0)), token);
}

export interface CertificateStatus {
  /** null while it is good. */
  readonly revokedAt: Date | null;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/** OCSPResponse to the OCSPRequest `request`, signed by `responder`; throws MalformedDer when it is none. */
export function ocspReply(
  request: Uint8Array,
  responder: Identity,
  statusOf: (serial: Uint8Array) => CertificateStatus,
): Uint8Array {
  const [tbsRequest] = fields(readDer(request));
  const requestList = fields(tbsRequest).find((part) => part.tag === TAG.sequence);
  const producedAt = new Date();
  const responses = fields(requestList).map((single) => {
    const [certId] = fields(single);
    const serial = fields(certId).at(-1);
    if (certId === undefined || serial === undefined)
      throw new MalformedDer('the request names no certificate');
    const { revokedAt, thisUpdate, nextUpdate } = statusOf(serial.value);
    const status =
      revokedAt === null ? contextPrimitive(0, new Uint8Array()) : context(1, generalizedTime(revokedAt));
    return sequence(
      certId.bytes,
      status,
      generalizedTime(thisUpdate),
      context(0, generalizedTime(nextUpdate)),
    );
  });
  const keyHash = createHash('sha1').update(readCertificate(responder.certificate).keyBits).digest();
  const tbs = sequence(context(2, octetString(keyHash)), generalizedTime(producedAt), sequence(...responses));
  const basic = signedSequence(tbs, responder.key, context(0, sequence(responder.certificate)));
  return sequence(
    element(TAG.enumerated, Uint8Array.of(0)),
    context(0, sequence(oid(OID.ocspBasic), octetString(basic))),
  );
}

/** CertificateList of `issuer`; `revoked` holds serial numbers as INTEGER contents, `extensions` what to add. */
export function certificateList(
  issuer: Identity,
  update: { readonly thisUpdate: Date; readonly nextUpdate: Date },
  revoked: readonly { readonly serial: Uint8Array; readonly at: Date }[],
  extensions: readonly Uint8Array[] = [],
): Uint8Array {
  const entries = revoked.map(({ serial, at }) =>
    sequence(element(TAG.integer, serial), certificateTime(at)),
  );
  const tbs = sequence(
    integer(1),
    signatureAlgorithmOf(issuer.key),
    readCertificate(issuer.certificate).subject,
    certificateTime(update.thisUpdate),
    certificateTime(update.nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    context(0, sequence(extension(OID.crlNumber, integer(update.thisUpdate.getTime())), ...extensions)),
  );
  return signedSequence(tbs, issuer.key);
}
