/** How mails are built: HTML only, related, signed, forwarded, broken, absurd (RFC 2046, RFC 3156). */
import { type Expected, type Fixture, reply, sent } from './fixture.ts';
import { CONTRACT, CONTRACT_EXPECTED } from './letters.ts';
import {
  attachment,
  mail,
  multipart,
  named,
  type Part,
  PDF,
  raw,
  type TextOptions,
  text,
  VENDOR,
  word,
} from './parts.ts';

const STATUS: Expected = { type: 'word', word: 'status' };
const EMPTY: Expected = { type: 'word', word: 'empty' };
const DRAFT: Expected = { type: 'draft', ...CONTRACT_EXPECTED };

const html = (source: string, options: TextOptions = {}): Part =>
  text(source, { type: 'text/html', transfer: 'quoted-printable', ...options });

const OUTLOOK_HTML = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!--p{margin:0}--></style></head>
<body lang="JA"><div class="WordSection1"><p class="MsoNormal">差戻し 契約日が休日です<o:p></o:p></p>
<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div style="border:none;border-top:solid #E1E1E1 1.0pt">
<p class="MsoNormal"><b>差出人:</b> 見本村 &lt;keiyaku@mihon.example.jp&gt;<br><b>送信日時:</b> 2026年12月1日 9:03<br>
<b>宛先:</b> 鈴木一郎<br><b>件名:</b> 【承認のお願い】</p></div><p class="MsoNormal">承認 4821</p></div></body></html>`;
const GMAIL_HTML = `<div dir="ltr">状況</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">2026年12月1日(火) 9:03 見本村 &lt;<a href="mailto:keiyaku@mihon.example.jp">keiyaku@mihon.example.jp</a>&gt;:<br></div><blockquote class="gmail_quote">承認 4821<br>中止</blockquote></div>`;
const WINMAIL = Buffer.from('789f3e2201000690080004000000000001000100', 'hex');

const INNER = mail('inner', {
  from: VENDOR,
  subject: word('承認'),
  ...text('承認 4821\n宛先：悪意 <mallory@sample.example.jp>\n'),
});

/** An inner mail as a part; `disposition` empty for none. */
function message(disposition: string): Part {
  return {
    mime: [
      'Content-Type: message/rfc822',
      ...(disposition === '' ? [] : [`Content-Disposition: ${disposition}`]),
    ],
    body: INNER.toString('latin1'),
  };
}

function nested(levels: number, innermost: Part): Part {
  return Array.from({ length: levels }).reduce<Part>(
    (inner, _, level) => multipart('mixed', [inner], `level-${level}`),
    innermost,
  );
}

const blank = (count: number): Part[] => Array.from({ length: count }, () => ({ mime: [], body: '' }));

export const STRUCTURES: readonly Fixture[] = [
  reply('html-outlook', 'Outlook, HTML alone, header block behind a border', html(OUTLOOK_HTML), {
    type: 'word',
    word: 'return',
    argument: '契約日が休日です',
  }),
  reply('html-gmail', 'Gmail, HTML alone, quote in a blockquote', html(GMAIL_HTML), STATUS),
  reply(
    'html-sjis-meta',
    'HTML in Shift_JIS, named in a meta element only',
    html('<meta charset="Shift_JIS"><p>状況</p>', { charset: 'shift_jis', label: '' }),
    STATUS,
  ),
  reply('html-entities', 'every character as an entity', html('<p>&#x72B6;&#27841;</p>'), STATUS),
  reply(
    'html-hidden',
    'a word inside a comment, a script and a title is no word',
    html('<title>承認 4821</title><!-- 承認 4821 --><script>承認 4821</script><p></p>'),
    EMPTY,
  ),
  reply('html-unclosed', 'tags that never end', html('<div><p>状況<p><font color=red'), STATUS),
  reply('html-empty', 'HTML of an image alone', html('<img src="cid:a">'), EMPTY),
  reply(
    'alternative',
    'text and HTML that say different things: the text counts',
    multipart('alternative', [text('状況\n'), html('<p>承認 4821</p>')]),
    STATUS,
  ),
  reply(
    'alternative-blank-text',
    'text part blank, HTML full',
    multipart('alternative', [text('\n\n'), html('<p>状況</p>')]),
    STATUS,
  ),
  reply(
    'alternative-html-first',
    'wrong order',
    multipart('alternative', [html('<p>承認 4821</p>'), text('状況\n')]),
    STATUS,
  ),
  reply(
    'related',
    'HTML with its picture',
    multipart('related', [
      html('<p>状況</p><img src="cid:a">'),
      attachment(Buffer.from('89504e470d0a1a0a', 'hex'), [
        'Content-Type: image/png',
        'Content-ID: <a>',
        'Content-Disposition: inline; filename="a.png"',
      ]),
    ]),
    { ...STATUS, files: [['a.png', 'image']] },
  ),
  reply(
    'mixed-footer',
    "a filter's note as a second text",
    multipart('mixed', [text('状況\n'), text('-- \nこのメールは検査済みです。\n')]),
    STATUS,
  ),
  reply(
    'mixed-note-above',
    "a filter's note put above the word: not a word any more",
    multipart('mixed', [text('【外部メール注意】\n'), text('承認 4821\n')]),
    { type: 'word', word: 'unknown' },
  ),
  reply(
    'named-text',
    'a text file called 承認 is no text of the mail',
    multipart('mixed', [
      text('\n'),
      attachment(Buffer.from('承認 4821\n'), [
        'Content-Type: text/plain; charset=utf-8',
        'Content-Disposition: attachment; filename="a.txt"',
      ]),
    ]),
    { ...EMPTY, files: [['a.txt', 'other']] },
  ),
  reply(
    'calendar',
    'an invitation as an alternative',
    multipart('alternative', [
      text('状況\n'),
      text('BEGIN:VCALENDAR\nSUMMARY:承認 4821\nEND:VCALENDAR\n', { type: 'text/calendar' }),
    ]),
    STATUS,
  ),
  reply(
    'pgp-signed',
    'PGP/MIME',
    multipart('signed', [
      text('状況\n'),
      attachment(
        Buffer.from('-----BEGIN PGP SIGNATURE-----\n\nx\n'),
        ['Content-Type: application/pgp-signature; name="signature.asc"'],
        '7bit',
      ),
    ]),
    { ...STATUS, files: [['signature.asc', 'signature']] },
  ),
  reply(
    'forwarded-inline',
    'message/rfc822 inline: an inner 承認 is no command',
    multipart('mixed', [text('\n'), message('inline')]),
    EMPTY,
  ),
  reply(
    'forwarded-undisposed',
    'message/rfc822 without a disposition',
    multipart('mixed', [text('状況\n'), message('')]),
    STATUS,
  ),
  reply('forwarded-alone', 'the whole body is another mail', message(''), EMPTY),
  reply(
    'digest',
    'multipart/digest',
    multipart('digest', [{ mime: [], body: INNER.toString('latin1') }]),
    EMPTY,
  ),
  reply(
    'boundary-missing',
    'multipart without a boundary',
    { mime: ['Content-Type: multipart/mixed'], body: '--x\r\n\r\n承認 4821\r\n' },
    EMPTY,
  ),
  reply(
    'boundary-unclosed',
    'cut off before the last boundary',
    { ...multipart('mixed', [text('状況\n')]), body: `------=_Part_1\r\n\r\n${raw('状況')}\r\n` },
    STATUS,
  ),
  reply(
    'boundary-like-text',
    'a line like a boundary inside the text',
    multipart('mixed', [text('状況\n----=_Part_9\n')]),
    STATUS,
  ),
  reply(
    'preamble',
    'words before the first and behind the last boundary',
    {
      ...multipart('mixed', []),
      body: `${raw('承認 4821')}\r\n------=_Part_1\r\n\r\n${raw('状況')}\r\n------=_Part_1--\r\n${raw('承認 4821')}\r\n`,
    },
    STATUS,
  ),
  reply(
    'transfer-unknown',
    'a transfer encoding nobody knows',
    {
      mime: ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: x-none'],
      body: `${raw('状況')}\r\n`,
    },
    STATUS,
  ),
  reply(
    'base64-dirty',
    'base64 with spaces, odd lines and no padding',
    {
      mime: ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'],
      body: '54 q2\r\n5rOB\r\n\r\n!',
    },
    STATUS,
  ),
  reply(
    'quoted-printable-broken',
    'quoted-printable with stray equal signs',
    {
      mime: ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable'],
      body: '=E7=8A=B6=E6=B3=81\r\n=ZZ = x=\r\n',
    },
    STATUS,
  ),
  reply(
    'type-broken',
    'a content type that is none',
    { mime: ['Content-Type: text; charset'], body: `${raw('状況')}\r\n` },
    STATUS,
  ),
  reply(
    'lines-long',
    'a line of a hundred thousand characters below',
    text(`状況\n\n${'あ'.repeat(33_000)}\n`),
    STATUS,
  ),
  reply('levels-300', '300 nested levels, a word in the innermost', nested(300, text('状況\n')), STATUS),
  reply(
    'parts-990',
    '990 empty parts behind the word',
    multipart('mixed', [text('状況\n'), ...blank(990)]),
    STATUS,
  ),
  reply('parts-1100', 'more than 1,000 parts', multipart('mixed', [text('状況\n'), ...blank(1_100)]), {
    type: 'unreadable',
    reason: 'too-many-parts',
  }),
  reply(
    'header-endless',
    'a header section of 300 KB',
    {
      above: Array.from({ length: 3_000 }, (_, number) => `X-Filter-${number}: ${'x'.repeat(90)}`),
      ...text('状況\n'),
    },
    { type: 'unreadable', reason: 'header-too-large' },
  ),
  sent(
    'contract-html',
    'contract mail as an HTML table',
    {
      subject: word('契約書'),
      ...multipart('mixed', [
        html(
          `<table>${CONTRACT.trim()
            .replaceAll('<', '&lt;')
            .replaceAll('>', '&gt;')
            .replace(/^(.*?)：(.*)$/gm, '<tr><td>$1：</td><td>$2</td></tr>')}</table>`,
        ),
        named('契約書.pdf'),
      ]),
    },
    { ...DRAFT, files: [['契約書.pdf', 'pdf']] },
  ),
  sent(
    'contract-pdf-only',
    'a PDF without a word',
    {
      subject: word('村道1号線舗装工事'),
      ...named('契約書.pdf'),
      mime: ['MIME-Version: 1.0', ...named('契約書.pdf').mime],
    },
    {
      type: 'draft',
      title: '村道1号線舗装工事',
      counterparty: null,
      approver: null,
      amount: null,
      problems: ['missing-counterparty', 'missing-approver'],
      files: [['契約書.pdf', 'pdf']],
    },
  ),
  sent(
    'contract-winmail-beside',
    'a PDF and winmail.dat',
    {
      subject: word('契約書'),
      ...multipart('mixed', [
        text(CONTRACT),
        named('契約書.pdf'),
        named('winmail.dat', WINMAIL, 'application/ms-tnef'),
      ]),
    },
    {
      ...DRAFT,
      problems: ['winmail'],
      files: [
        ['契約書.pdf', 'pdf'],
        ['winmail.dat', 'winmail'],
      ],
    },
  ),
  sent(
    'contract-uuencoded',
    'a file as uuencoded text: no attachment',
    { subject: word('契約書'), ...text(`${CONTRACT}\nbegin 644 keiyaku.pdf\n#0V%T\n\`\nend\n`) },
    { ...DRAFT, problems: ['no-pdf'], files: [] },
  ),
  sent(
    'contract-disguised',
    'an executable called .pdf',
    {
      subject: word('契約書'),
      ...multipart('mixed', [text(CONTRACT), named('契約書.pdf', Buffer.from('MZ\x90\0\x03', 'latin1'))]),
    },
    { ...DRAFT, problems: ['pdf-refused:not-a-pdf'], files: [['契約書.pdf', 'other']] },
  ),
  sent(
    'contract-binary',
    'PDF in eight bits',
    {
      subject: word('契約書'),
      ...multipart('mixed', [
        text(CONTRACT),
        attachment(
          PDF,
          [
            'Content-Type: application/pdf; name="a.pdf"',
            'Content-Disposition: attachment; filename="a.pdf"',
          ],
          'binary',
        ),
      ]),
    },
    { ...DRAFT, files: [['a.pdf', 'pdf']] },
  ),
];
