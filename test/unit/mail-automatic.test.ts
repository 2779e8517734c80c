// Mail that no person wrote: by its headers, by the subject that is left when they are lost, by coming back to us.

import { expect } from 'chai';
import { messageIdOf } from '../../gateway/app/secrets.ts';
import { automaticReason, machineReason } from '../../gateway/mail/automatic.ts';

const OWN = ['keiyaku@mihon.example.jp', 'keiyaku-old@mihon.example.jp'];

describe('mail that no person wrote', () => {
  const reason = (name: string, value: string): string | null =>
    automaticReason(new Map([[name, [value]]]), '', 100);

  it('says so in a header, which is named', () => {
    expect(reason('auto-submitted', 'auto-replied')).to.equal('auto-submitted: auto-replied');
    expect(reason('precedence', ' Bulk')).to.equal('precedence: Bulk');
    expect(reason('list-id', '<news.example.jp>')).to.equal('mailing list (list-id)');
    expect(reason('content-type', 'multipart/report; report-type=disposition-notification')).to.match(
      /report/,
    );
    expect(reason('x-autoreply', 'yes')).to.equal('x-autoreply');
    expect(reason('auto-submitted', 'no')).to.equal(null);
    expect(reason('precedence', 'normal')).to.equal(null);
  });

  it('went round in circles', () => {
    const received = (count: number) =>
      automaticReason(new Map([['received', Array(count).fill('x')]]), '', 120);
    expect(received(120)).to.equal(null);
    expect(received(121)).to.equal('loop: too many Received headers');
  });

  for (const subject of [
    '自動応答: 【まだ送っていません】受付2026-0123 村道1号線舗装工事',
    '自動返信：契約の件',
    '【自動返信】お問い合わせありがとうございます',
    '不在通知: 契約の件',
    '[不在] 契約の件',
    '開封済み: 契約の件',
    'Automatic reply: contract',
    'Out of Office AutoReply: contract',
    'ＡＵＴＯ　ｒｅｐｌｙ：contract',
  ]) {
    it(`has lost its headers, but is called 「${subject}」`, () => {
      expect(automaticReason(new Map(), subject, 100)).to.equal('subject of an automatic answer');
    });
  }

  for (const subject of [
    'Re: 自動応答: 契約の件',
    '自動応答システム保守業務委託',
    '休暇村改修工事',
    '不在者投票システム賃貸借契約',
    '開封確認のお願い',
    '',
  ]) {
    it(`is a person’s when it is called 「${subject}」`, () => {
      expect(automaticReason(new Map(), subject, 100)).to.equal(null);
    });
  }

  it('is our own that came back, or has no sender', () => {
    const judge = (
      address: string,
      messageId: string | null,
      mailFrom = 'x@sample.example.jp',
      report = false,
    ) => machineReason({ from: { address }, messageId }, { mailFrom }, OWN, report);
    const secret = 'a'.repeat(42);
    expect(judge('Keiyaku@mihon.example.jp', null)).to.match(/^loop/);
    expect(judge('sato@mihon.example.jp', `<${secret}@mihon.example.jp>`)).to.match(/^loop/);
    expect(
      judge('sato@mihon.example.jp', messageIdOf('abc:4:receipt:initiator', 'mihon.example.jp')),
    ).to.match(/^loop/);
    expect(judge('sato@mihon.example.jp', `<${secret}@sample.example.jp>`)).to.equal(null);
    expect(judge('sato@mihon.example.jp', '<1@mihon.example.jp>', '')).to.equal('empty envelope sender');
    expect(judge('MAILER-DAEMON@sample.example.jp', null, '', true)).to.equal(null);
    expect(judge('sato@mihon.example.jp', '<1@mihon.example.jp>')).to.equal(null);
  });
});
