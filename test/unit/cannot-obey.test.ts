// 「依頼」 that brings something along: the contract would leave without it.
import { expect } from 'chai';
import { againstGoAhead } from '../../gateway/app/cannot-obey.ts';
import type { AttachmentKind } from '../../gateway/mail/attachment-kind.ts';
import { compileMails, receipt, receiptSample } from '../../templates/index.ts';

describe('依頼', () => {
  const against = (
    text: string,
    kinds: readonly AttachmentKind[] = [],
    state: 'draft' | 'awaiting' = 'draft',
  ) => {
    const file = {
      fileName: 'a',
      contentType: 'application/octet-stream',
      content: Buffer.alloc(0),
      embedded: false,
    };
    const attachments = kinds.map((kind) => ({ ...file, kind }));
    return againstGoAhead({ state }, { text, attachments })?.code ?? null;
  };

  it('with lines of the contract below it releases nothing', () => {
    expect(against('依頼\n契約金額：2,200,000円')).to.equal('lines-with-go-ahead');
    expect(against('依頼 確認済\n\n契約相手方 株式会社サンプル')).to.equal('lines-with-go-ahead');
  });

  it('with a document releases nothing; pictures and what Outlook adds come along by themselves', () => {
    for (const kind of ['pdf', 'word', 'zip', 'zip-encrypted'] as const)
      expect(against('依頼', [kind]), kind).to.equal('file-with-go-ahead');
    expect(against('依頼', ['image', 'signature', 'winmail', 'other'])).to.equal(null);
  });

  it('with a greeting and a signature, or once the contract has left, is what it is', () => {
    expect(against('依頼\nよろしくお願いします。\n総務課 佐藤\nTEL：00-0000-0001')).to.equal(null);
    expect(against('依頼\n契約金額：2,200,000円', [], 'awaiting')).to.equal(null);
  });

  it('above our receipt that is quoted without a mark is what it is', async () => {
    const { text } = (await compileMails())(receipt(receiptSample));
    expect(against(`依頼 確認済\n${text}`)).to.equal(null);
    expect(against(`依頼 確認済\n契約金額：2,200,000円\n${text}`)).to.equal('lines-with-go-ahead');
  });
});
