/** Mail that no person wrote, and mail whose author is not believed (RFC 3834, RFC 3464, RFC 8098, RFC 8601). */
import { type Circumstances, type Expected, type Fixture, reply } from './fixture.ts';
import { type Letter, mail, multipart, type Part, raw, SUZUKI, text, VENDOR, word } from './parts.ts';

const IGNORED: Expected = { type: 'ignored', reason: 'automatic' };
const BOUNCED: Circumstances = { bounceSecret: true };
const DAEMON = 'MAILER-DAEMON@mx.sample.example.jp (Mail Delivery System)';

function automatic(name: string, shows: string, above: readonly string[], lines: string): Fixture {
  return reply(name, shows, { above, ...text(lines) }, IGNORED);
}

function bounce(name: string, shows: string, letter: Letter, expected: Partial<Expected>): Fixture {
  const whole = { from: DAEMON, subject: 'Undelivered Mail Returned to Sender', ...letter };
  return { name, shows, mail: mail(name, whole), when: BOUNCED, expected: { type: 'bounce', ...expected } };
}

function report(status: string, words: string): Letter {
  const parts: Part[] = [
    text(words, { charset: 'utf-8' }),
    { mime: ['Content-Type: message/delivery-status'], body: status.replaceAll('\n', '\r\n') },
    { mime: ['Content-Type: text/rfc822-headers'], body: 'Message-ID: <our-mail@mihon.example.jp>\r\n' },
  ];
  const { mime, body } = multipart('report', parts);
  return { mime: [mime[0]!, mime[1]!.replace('report;', 'report; report-type=delivery-status;')], body };
}

const dsn = (status: string, diagnostic: string, action = 'failed'): Letter =>
  report(
    `Reporting-MTA: dns; mx.sample.example.jp\n\nFinal-Recipient: rfc822; yamada@sample.example.jp\nAction: ${action}\nStatus: ${status}\nDiagnostic-Code: smtp; ${diagnostic}\n`,
    'This is the mail system.\n',
  );
const TO_YAMADA = { recipient: 'yamada@sample.example.jp' };

const RECEIPT = multipart('report', [
  text('開封されました。承認 4821\n'),
  {
    mime: ['Content-Type: message/disposition-notification'],
    body: 'Final-Recipient: rfc822;suzuki@mihon.example.jp\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n',
  },
]);

export const AUTOMATIC: readonly Fixture[] = [
  automatic(
    'auto-vacation',
    'vacation answer that quotes a command',
    ['Auto-Submitted: auto-replied'],
    '承認 4821\n',
  ),
  automatic(
    'auto-exchange',
    'Exchange, out of office',
    ['X-Auto-Response-Suppress: All'],
    '不在にしております。\n',
  ),
  automatic(
    'auto-list',
    'mailing list',
    ['List-Id: <shokuin.mihon.example.jp>', 'Precedence: list'],
    '承認 4821\n',
  ),
  automatic('auto-bulk', 'Precedence: bulk', ['Precedence: bulk'], '状況\n'),
  automatic('auto-generated', 'written by a program', ['Auto-Submitted: auto-generated; owner=x'], '状況\n'),
  automatic('auto-autoreply', 'X-Autoreply of an old mailer', ['X-Autoreply: yes'], '状況\n'),
  reply('auto-read-receipt', 'read receipt of Outlook (RFC 8098)', RECEIPT, IGNORED),
  bounce('bounce-full', 'mailbox full', dsn('5.2.2', '552 5.2.2 Mailbox full'), {
    ...TO_YAMADA,
    status: '5.2.2',
  }),
  bounce(
    'bounce-policy',
    'refused by the domain setting of a carrier',
    dsn('5.7.1', '550 5.7.1 Command rejected'),
    { ...TO_YAMADA, status: '5.7.1' },
  ),
  bounce('bounce-too-large', 'too large', dsn('5.3.4', '552 5.3.4 Message size exceeds fixed limit'), {
    ...TO_YAMADA,
    status: '5.3.4',
  }),
  bounce(
    'bounce-exchange',
    'Exchange Online, wrapped diagnostic',
    dsn('5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound;\n Recipient not found'),
    { ...TO_YAMADA, status: '5.1.10' },
  ),
  bounce(
    'bounce-no-status',
    'report without a status',
    report(
      'Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; yamada@sample.example.jp\nAction: failed\n',
      'x\n',
    ),
    { ...TO_YAMADA, status: null },
  ),
  bounce('bounce-empty-report', 'report without any field', report('\n', 'x\n'), {
    recipient: null,
    status: null,
  }),
  bounce(
    'bounce-exim',
    'Exim: X-Failed-Recipients',
    {
      above: ['X-Failed-Recipients: yamada@sample.example.jp', 'Auto-Submitted: auto-replied'],
      ...text('This message was created automatically.\n'),
    },
    { ...TO_YAMADA, status: null },
  ),
  bounce(
    'bounce-docomo',
    'text alone, in Japanese, from a carrier',
    {
      from: 'mailer-daemon@docomo.example.jp',
      ...text('次のあて先へのメッセージはエラーのため送信できませんでした。\n', {
        charset: 'iso-2022-jp',
        transfer: '7bit',
      }),
    },
    { recipient: null, status: null },
  ),
  bounce(
    'bounce-qmail',
    'qmail: text alone',
    { ...text('Hi. This is the qmail-send program.\n<yamada@sample.example.jp>:\n550 no such user\n') },
    { recipient: null, status: null },
  ),
  bounce(
    'report-relayed',
    "success report: the recipient's server has it",
    dsn('2.0.0', '250 ok', 'relayed'),
    {
      ...TO_YAMADA,
      status: '2.0.0',
    },
  ),
  {
    ...bounce('report-expanded', 'sent on to a list: nothing to do', dsn('2.0.0', '250 ok', 'expanded'), {}),
    expected: { type: 'ignored', reason: 'delivery-report' },
  },
];

const OURS = 'Authentication-Results: mx.mihon.example.jp';
const FROM_OURSELVES = 'header.from=mihon.example.jp';
const MX: Circumstances = { relay: 'mx', replySecret: true };

function presented(
  name: string,
  shows: string,
  letter: Partial<Letter>,
  expected: Expected,
  when: Circumstances = MX,
): Fixture {
  const whole = { from: SUZUKI, subject: word('RE: 【承認のお願い】'), ...text('承認 4821\n'), ...letter };
  return { name, shows, mail: mail(name, whole), when, expected };
}

const QUARANTINED: Expected = { type: 'quarantined' };
const APPROVED: Expected = { type: 'word', word: 'approve', argument: '4821' };
const STRANGER: Expected = { type: 'notStaff' };
const DIRECT: Circumstances = { relay: 'none', replySecret: true };

export const AUTHORS: readonly Fixture[] = [
  presented(
    'author-proven',
    'aligned dmarc=pass of our own exchanger',
    { above: [`${OURS}; dmarc=pass ${FROM_OURSELVES}`] },
    APPROVED,
  ),
  presented('author-no-results', 'no verdict', {}, QUARANTINED),
  presented(
    'author-spf-only',
    'SPF alone',
    { above: [`${OURS}; spf=pass smtp.mailfrom=mihon.example.jp`] },
    QUARANTINED,
  ),
  presented(
    'author-dkim-only',
    'DKIM alone',
    { above: [`${OURS}; dkim=pass header.d=mihon.example.jp`] },
    QUARANTINED,
  ),
  presented(
    'author-dmarc-failed',
    'DMARC failed',
    { above: [`${OURS}; dmarc=fail ${FROM_OURSELVES}`] },
    QUARANTINED,
  ),
  presented(
    'author-dmarc-other',
    'DMARC passed for another domain',
    { above: [`${OURS}; dmarc=pass header.from=sample.example.jp`] },
    QUARANTINED,
  ),
  presented(
    'author-forged-server',
    'verdict of a server that is not ours',
    { above: [`Authentication-Results: mx.sample.example.jp; dmarc=pass ${FROM_OURSELVES}`] },
    QUARANTINED,
  ),
  presented(
    'author-forged-below',
    'forged verdict below the real one',
    { above: [`${OURS}; dmarc=fail ${FROM_OURSELVES}`, `${OURS}; dmarc=pass ${FROM_OURSELVES}`] },
    QUARANTINED,
  ),
  presented(
    'author-two-verdicts',
    'two verdicts in one header',
    { above: [`${OURS}; dmarc=pass ${FROM_OURSELVES}; dmarc=fail ${FROM_OURSELVES}`] },
    QUARANTINED,
  ),
  presented(
    'author-look-alike',
    'a domain that looks like ours',
    {
      from: `${word('鈴木一郎')} <suzuki@mih0n.example.jp>`,
      above: [`${OURS}; dmarc=pass header.from=mih0n.example.jp`],
    },
    STRANGER,
  ),
  presented(
    'author-homograph',
    'our domain with a Cyrillic letter',
    { from: `suzuki@${raw('mih\u043En')}.example.jp` },
    QUARANTINED,
  ),
  presented(
    'author-display-name',
    'our address as a display name',
    {
      from: '"suzuki@mihon.example.jp" <yamada@sample.example.jp>',
      above: [`${OURS}; dmarc=pass header.from=sample.example.jp`],
    },
    STRANGER,
  ),
  presented(
    'author-two-froms',
    'two From headers',
    { above: [`From: ${VENDOR}`, `${OURS}; dmarc=pass ${FROM_OURSELVES}`] },
    QUARANTINED,
  ),
  presented(
    'author-sender',
    'Sender and Reply-To prove nobody',
    {
      from: VENDOR,
      above: [
        `Sender: ${SUZUKI}`,
        `Reply-To: ${SUZUKI}`,
        `${OURS}; dmarc=pass header.from=sample.example.jp`,
      ],
    },
    STRANGER,
  ),
  presented(
    'author-subdomain',
    'a subdomain is not the domain',
    { from: 'suzuki@mail.mihon.example.jp' },
    STRANGER,
    { replySecret: true },
  ),
  presented(
    'author-direct',
    'straight from the world',
    { above: [`${OURS}; dmarc=pass ${FROM_OURSELVES}`] },
    QUARANTINED,
    DIRECT,
  ),
  presented('author-account', 'logged in as herself', {}, APPROVED, {
    relay: 'none',
    account: 'suzuki@mihon.example.jp',
    replySecret: true,
  }),
  presented('author-account-other', 'logged in as somebody else', {}, QUARANTINED, {
    relay: 'none',
    account: 'sato@mihon.example.jp',
    replySecret: true,
  }),
  presented(
    'author-name-escaped',
    'a name in bare ISO-2022-JP',
    { from: `${raw('鈴木一郎', 'iso-2022-jp')} <suzuki@mihon.example.jp>` },
    { ...APPROVED, author: '鈴木一郎' },
    { replySecret: true },
  ),
  presented(
    'author-name-lies',
    'a name in an encoded word with the wrong charset',
    { from: `${word('鈴木一郎', 'shift_jis', 'iso-2022-jp')} <suzuki@mihon.example.jp>` },
    { ...APPROVED, author: '鈴木一郎' },
    { replySecret: true },
  ),
  presented(
    'vendor-question',
    "a vendor's question",
    { from: VENDOR, ...text('質問があります。\n') },
    STRANGER,
    { replySecret: true },
  ),
  presented(
    'vendor-copies',
    'a vendor asks for its copies',
    { from: VENDOR, ...text('控え\n', { charset: 'shift_jis', label: '' }) },
    { type: 'vendorCopies' },
    {},
  ),
];
