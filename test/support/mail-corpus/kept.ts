/** The mails that were written by hand, octet by octet, after those that mailers sent. */
import type { Circumstances, Expected, Fixture } from './fixture.ts';
import { REPLY } from './fixture.ts';
import { CONTRACT_EXPECTED } from './letters.ts';

const word = (name: string, argument = ''): Expected => ({ type: 'word', word: name, argument });
const BOUNCED: Circumstances = { bounceSecret: true };
const YAMADA = 'yamada@sample.example.jp';

type Row = readonly [name: string, shows: string, expected: Expected, when?: Circumstances];

const ROWS: readonly Row[] = [
  [
    'outlook-jis-approval',
    'Outlook, ISO-2022-JP, full-width 承認, quote without ">"',
    word('approve', '4821'),
    REPLY,
  ],
  ['outlook-qp-goahead', 'Outlook, quoted-printable, bold header block', word('goAhead', '確認済'), REPLY],
  [
    'outlook-jis-contract',
    'contract mail, full-width lines between rules, a logo attached',
    { type: 'draft', problems: [] },
  ],
  ['thunderbird-contract', 'contract mail, flowed text with "-- "', { type: 'draft', ...CONTRACT_EXPECTED }],
  ['html-only-withdraw', 'HTML without a text part', word('withdraw', '金額に誤りがあるため'), REPLY],
  [
    'gmail-return',
    'Gmail, attribution wrapped over two lines',
    word('return', '決裁番号が違います。'),
    REPLY,
  ],
  ['iphone-status', 'iPhone, base64', word('status'), REPLY],
  ['lgwan-sjis-help', 'Shift_JIS whose charset is not named', { type: 'form' }],
  [
    'jis-without-charset',
    'ISO-2022-JP whose charset is not named',
    { type: 'form', subject: '契約書の様式について' },
  ],
  [
    'forward-with-stranger',
    'forwarded inline: the 宛先 of the inner mail is no address',
    { type: 'refusal', problems: ['not-understood'] },
  ],
  [
    'forward-with-pdf',
    "a vendor's PDF forwarded, with a path for a name",
    { type: 'draft', files: [['x.pdf', 'pdf']] },
  ],
  ['embedded-approval', 'an inner 承認 is no command', word('empty'), REPLY],
  ['bounce-postfix', 'Postfix, RFC 3464', { type: 'bounce', status: '5.1.1', recipient: YAMADA }, BOUNCED],
  ['bounce-carrier', "a carrier's words alone", { type: 'bounce', status: null, recipient: null }, BOUNCED],
  ['bounce-delayed', 'delayed, not failed', { type: 'bounce', recipient: YAMADA }, BOUNCED],
  ['vacation', 'vacation answer', { type: 'ignored', reason: 'automatic' }],
  ['two-authors', 'two addresses in From', { type: 'quarantined' }],
  ['forged-results', 'forged Authentication-Results', { type: 'quarantined' }, { relay: 'mx' }],
  ['proven-results', 'true Authentication-Results', { type: 'refusal' }, { relay: 'mx' }],
  ['ppap', 'encrypted ZIP called .pdf', { type: 'refusal', problems: ['encrypted-zip'] }],
  ['winmail', 'winmail.dat', { type: 'draft', problems: ['winmail'] }],
];

export const KEPT: readonly Fixture[] = ROWS.map(([name, shows, expected, when]) => ({
  name,
  shows,
  mail: null,
  ...(when && { when }),
  expected,
}));
