/** Mails with S/MIME: the signature beside the content, around it, and content that nobody here can read (RFC 8551 3.5). */
import { context, integer, octetString, oid, sequence, setOf } from '../../../signing/cms/der.ts';
import { type Expected, type Fixture, reply, sent } from './fixture.ts';
import { CONTRACT, CONTRACT_EXPECTED, QUOTES } from './letters.ts';
import { attachment, mail, multipart, named, type Part, text, VENDOR, word } from './parts.ts';

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const ENVELOPED_DATA = '1.2.840.113549.1.7.3';
const AES_128_CBC = '2.16.840.1.101.3.4.1.2';

const APPROVE: Expected = { type: 'word', word: 'approve', argument: '4821' };

/** A signature's frame without signers: what it holds is read, who signed is for others to judge. */
function signedData(...content: readonly Uint8Array[]): Uint8Array {
  const encapsulated = sequence(oid(DATA), ...content);
  return sequence(oid(SIGNED_DATA), context(0, sequence(integer(1), setOf(), encapsulated, setOf())));
}

/** The same as programs write that do not know the length yet: pieces between marks (X.690 8.1.3.6, 8.7.3). */
function streamed(content: Uint8Array): Uint8Array {
  const open = (tag: number, ...parts: readonly Uint8Array[]) =>
    Buffer.concat([Buffer.of(tag, 0x80), ...parts, Buffer.alloc(2)]);
  const middle = Math.floor(content.length / 2);
  const pieces = [content.subarray(0, middle), content.subarray(middle)].map(octetString);
  const encapsulated = open(0x30, oid(DATA), open(0xa0, open(0x24, ...pieces)));
  return open(0x30, oid(SIGNED_DATA), open(0xa0, open(0x30, integer(1), setOf(), encapsulated, setOf())));
}

const entity = ({ mime, body }: Part): Buffer =>
  Buffer.from(
    `${mime.filter((line) => !line.startsWith('MIME-Version')).join('\r\n')}\r\n\r\n${body}`,
    'latin1',
  );
const around = (content: Uint8Array): Uint8Array => signedData(context(0, octetString(content)));

const pkcs7 = (octets: Uint8Array, kind = 'signed-data', type = 'pkcs7-mime'): Part =>
  attachment(octets, [
    'MIME-Version: 1.0',
    `Content-Type: application/${type}; smime-type=${kind}; name="smime.p7m"`,
    'Content-Disposition: attachment; filename="smime.p7m"',
  ]);

const approval = text(`承認 4821\n\n総務課　鈴木\n\n${QUOTES.outlook}\n`, {
  charset: 'iso-2022-jp',
  transfer: '7bit',
});

const ENCRYPTED = sequence(
  oid(ENVELOPED_DATA),
  context(
    0,
    sequence(
      integer(0),
      setOf(),
      sequence(oid(DATA), sequence(oid(AES_128_CBC), octetString(Buffer.alloc(16)))),
    ),
  ),
);

/** Fields inside a signature that would make its author somebody else. */
const FORGED = [
  'From: suzuki@mihon.example.jp',
  'Authentication-Results: mx.mihon.example.jp; dmarc=pass header.from=mihon.example.jp',
  `Subject: ${word('承認')}`,
];

export const SMIME: readonly Fixture[] = [
  reply(
    'smime-signed',
    'S/MIME, clear-signed',
    multipart('signed', [
      text('状況\n'),
      attachment(signedData(), [
        'Content-Type: application/pkcs7-signature; name="smime.p7s"',
        'Content-Disposition: attachment; filename="smime.p7s"',
      ]),
    ]),
    { type: 'word', word: 'status', files: [['smime.p7s', 'signature']] },
  ),
  reply(
    'smime-outlook-approval',
    'S/MIME, clear-signed by Outlook: text and HTML, the signature under its older name',
    {
      above: ['X-Mailer: Microsoft Outlook 16.0'],
      mime: [
        'MIME-Version: 1.0',
        'Content-Type: multipart/signed; protocol="application/x-pkcs7-signature"; micalg=2.16.840.1.101.3.4.2.1;',
        '\tboundary="----=_NextPart_000_0010_01DC6100.8A5F2C30"',
      ],
      body: multipart(
        'signed',
        [
          multipart(
            'alternative',
            [approval, text('<p>承認 4821</p>', { type: 'text/html' })],
            '----=_Part_2',
          ),
          attachment(signedData(), [
            'Content-Type: application/x-pkcs7-signature; name="smime.p7s"',
            'Content-Disposition: attachment; filename="smime.p7s"',
          ]),
        ],
        '----=_NextPart_000_0010_01DC6100.8A5F2C30',
      ).body,
    },
    { ...APPROVE, files: [['smime.p7s', 'signature']] },
  ),
  reply('smime-opaque', 'S/MIME, the text inside the signature', pkcs7(around(entity(text('状況\n')))), {
    type: 'word',
    word: 'status',
    files: [],
  }),
  reply(
    'smime-opaque-streamed',
    'S/MIME, the text inside the signature, in pieces without a length',
    pkcs7(streamed(entity(approval)), 'signed-data', 'x-pkcs7-mime'),
    { ...APPROVE, files: [] },
  ),
  {
    name: 'smime-opaque-contract',
    shows: 'S/MIME, a contract mail and its PDF inside the signature',
    mail: mail('smime-opaque-contract', {
      ...pkcs7(around(entity(multipart('mixed', [text(CONTRACT), named('契約書.pdf')])))),
      subject: word('契約書'),
    }),
    expected: { type: 'draft', ...CONTRACT_EXPECTED, files: [['契約書.pdf', 'pdf']] },
  },
  {
    name: 'smime-opaque-forged',
    shows: 'S/MIME, fields inside the signature that no server has seen: they count for nothing',
    mail: mail('smime-opaque-forged', {
      ...pkcs7(around(Buffer.concat([Buffer.from(`${FORGED.join('\r\n')}\r\n`), entity(approval)]))),
      from: VENDOR,
    }),
    when: { relay: 'mx', replySecret: true },
    expected: { type: 'quarantined', author: '山田太郎', subject: 'x' },
  },
  reply(
    'smime-opaque-twice',
    'S/MIME, a signature inside a signature: one is opened',
    pkcs7(around(entity(pkcs7(around(entity(approval)))))),
    { type: 'word', word: 'empty', files: [['smime.p7m', 'smime']] },
  ),
  reply(
    'smime-opaque-cut',
    'S/MIME, cut off: nothing can be read',
    pkcs7(around(entity(approval)).subarray(0, 120)),
    { type: 'word', word: 'empty', files: [['smime.p7m', 'signature']] },
  ),
  sent(
    'smime-encrypted',
    'S/MIME, encrypted to us: refused, for an empty mail would be answered with a form',
    pkcs7(ENCRYPTED, 'enveloped-data'),
    { type: 'refusal', problems: ['smime'], files: [['smime.p7m', 'smime']] },
  ),
  reply(
    'smime-encrypted-reply',
    'S/MIME, encrypted, in reply: no word is read, and the contract it is about is known',
    pkcs7(ENCRYPTED, 'enveloped-data'),
    { type: 'word', word: 'empty', files: [['smime.p7m', 'smime']] },
  ),
  reply(
    'smime-encrypted-beside',
    'a word with an encrypted file beside it: the word counts',
    multipart('mixed', [text('状況\n'), pkcs7(ENCRYPTED, 'enveloped-data')]),
    { type: 'word', word: 'status', files: [['smime.p7m', 'smime']] },
  ),
];
