// What reports of failure mean, in the words that mail systems and carriers really use.

import { expect } from 'chai';
import { type BounceReason, bounceReason } from '../../gateway/mail/bounce-reason.ts';

/** As a person's, and where it differs as a carrier customer's. */
const CASES: readonly (readonly [string, BounceReason, BounceReason?])[] = [
  [
    '550 5.1.1 <yamada@sample.example.jp>: Recipient address rejected: User unknown',
    'no-such-address',
    'carrier-refused',
  ],
  ['550 5.1.10 RESOLVER.ADR.RecipientNotFound', 'no-such-address', 'carrier-refused'],
  ['5.1.2 Host or domain name not found. type=A: Host not found', 'no-such-address', 'carrier-refused'],
  ['As the remote domain doesnt exist', 'no-such-address', 'carrier-refused'],
  ['次の宛先が見つかりませんでした。', 'no-such-address', 'carrier-refused'],
  [
    'while talking to mfsmax.docomo.ne.jp.: >>> DATA <<< 550 Unknown user yamada@docomo.ne.jp',
    'no-such-address',
    'carrier-refused',
  ],
  [
    'while talking to mfsmax.docomo.ne.jp.: >>> RCPT To:<x@docomo.ne.jp> <<< 550 Unknown user',
    'no-such-address',
    'no-such-address',
  ],
  ['550 Unknown user (in reply to RCPT TO command)', 'no-such-address', 'no-such-address'],
  ['Each of the following recipients was rejected by a remote mail server.', 'refused', 'carrier-refused'],
  ['次のあて先へのメッセージはエラーのため送信できませんでした。', 'refused', 'carrier-refused'],
  ['550 5.7.1 Message rejected due to user rules', 'refused', 'carrier-refused'],
  ['552 too much mail data', 'mailbox-full'],
  ['The user(s) account is temporarily over quota.', 'mailbox-full'],
  ['As their mailbox is full', 'mailbox-full'],
  ['4.2.2 452 mailbox size limit exceeded', 'mailbox-full'],
  ['552 Requested mail action aborted', 'mailbox-full'],
  ['受信者のメールボックスの容量がいっぱいです。', 'mailbox-full'],
  ['552 5.3.4 Message size exceeds fixed limit', 'too-large'],
  ['5.2.3 552 Message exceeds administrative limit', 'too-large'],
  ['552 message too large', 'too-large'],
  ['添付ファイルのサイズが上限を超えているため配信できません。', 'too-large'],
  ['4.4.7 gave up: relay says later', 'gave-up'],
  ['4.4.1 Connection timed out', 'gave-up'],
  ['Your message was not delivered within 0 days and 1 hours.', 'gave-up'],
  ['554 5.7.1 Blocked', 'refused', 'carrier-refused'],
  ['', 'refused', 'carrier-refused'],
];

describe('the reason of a failure', () => {
  for (const [words, reason, carriers = reason] of CASES) {
    it(`「${words}」 is ${reason}${carriers === reason ? '' : `, of a carrier ${carriers}`}`, () => {
      expect(bounceReason(words, false)).to.equal(reason);
      expect(bounceReason(words, true)).to.equal(carriers);
    });
  }
});
