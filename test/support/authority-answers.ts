/** What the controllable authority answers, and what it says when it lies (RFC 3161 2.4.2, RFC 6960 4.2, RFC 5280 5). */
import { createHash } from 'node:crypto';
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
  sequence,
  TAG,
} from '../../signing/cms/der.ts';
import { buildSignedContent } from '../../signing/cms/signed-data.ts';
import { certificateList } from '../../signing/credentials/test-authority-answers.ts';
import {
  extension,
  type Identity,
  positiveSerial,
  purposeExtension,
  signedSequence,
} from '../../signing/credentials/test-authority-pki.ts';
import { credentialOf, DAY, fromNow, issue, issueRoot, timestampExtensions } from './pki.ts';

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

export async function timestampAs(
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

export async function ocspAs(
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

export function crlAs(
  behaviour: CrlBehaviour,
  root: Identity,
  signer: Identity,
  update: Updates,
): Uint8Array {
  const serial = Buffer.from(readCertificate(signer.certificate).serial, 'hex');
  return certificateList(
    root,
    updatesOf(behaviour, update),
    behaviour === 'revoked' ? [{ serial, at: fromNow(-DAY) }] : [],
    behaviour === 'delta' ? [extension('2.5.29.27', integer(1), true)] : [],
  );
}
