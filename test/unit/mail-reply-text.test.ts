// Replies: what a person wrote, cut out of what their mailer put around it; and the word on the first line.

import { expect } from 'chai';
import fc from 'fast-check';
import { firstUnquotedLine, ownLines, unquotedLines } from '../../gateway/mail/reply-text.ts';
import { normaliseLine } from '../../gateway/mail/text.ts';
import { readWord } from '../../gateway/mail/words.ts';

describe('normalising a line', () => {
  it('changes nothing the second time', () => {
    const japanese = fc
      .array(fc.constantFrom(...'ａＡ：　 ﾊﾟ①㈱\u200B\uFEFF福神が゙é~～－', '𠮷'))
      .map((signs) => signs.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), japanese), (line) => {
        expect(normaliseLine(normaliseLine(line))).to.equal(normaliseLine(line));
      }),
    );
  });

  it('folds width and keeps the characters of names', () => {
    expect(normaliseLine('　承認　４８２１\uFEFF')).to.equal('承認 4821');
    expect(normaliseLine('\uFA1B田\uFA19社：')).to.equal('\uFA1B田\uFA19社:');
  });
});

describe('the author’s own lines', () => {
  const QUOTES: Record<string, string> = {
    'Outlook, Japanese':
      '差出人: 見本市 <k@mihon.example.jp>\n送信日時: 2026年11月30日 9:12\n宛先: 佐藤\n件名: x',
    'Outlook, bold': '*差出人:* 見本市\n*送信日時:* 2026年11月30日\n*宛先:* 佐藤',
    'Outlook, bold around the colon': '**From:** k@mihon.example.jp\n**Sent:** Monday',
    'Outlook, English':
      'From: Mihon <k@mihon.example.jp>\nSent: Monday, November 30, 2026 9:12 AM\nTo: Sato\nSubject: x',
    'Outlook, full-width colons': '差出人：見本市\n件名：x',
    'Outlook, blank lines between': '差出人: 見本市\n\n送信日時: 2026年11月30日\n\n宛先: 佐藤',
    'a converter’s spaces': '宛先　：　佐藤\n差出人　：　見本市',
    'Outlook, divider': '-----Original Message-----\nx',
    'Outlook, Japanese divider': '-----元のメッセージ-----\nx',
    'Thunderbird forward': '-------- 転送メッセージ --------\nx',
    'Gmail forward': '---------- Forwarded message ---------\nx',
    'Apple forward': 'Begin forwarded message:\nx',
    'Gmail, Japanese': '2026年12月1日(火) 10:00 見本市 <k@mihon.example.jp>:',
    'Gmail, wrapped': '2026年12月1日(火) 10:00 見本市契約便\n<k@mihon.example.jp>:',
    'Gmail, English': 'On Tue, Dec 1, 2026 at 10:00 AM 見本市 <k@mihon.example.jp> wrote:',
    'Gmail, English, wrapped': 'On Tue, Dec 1, 2026 at 10:00 AM 見本市 <\nk@mihon.example.jp>\nwrote:',
    'Apple, Japanese': '2026/12/01 10:00、見本市 <k@mihon.example.jp>のメール:',
    'Thunderbird, Japanese': '2026/12/01 10:00、見本市 さんは書きました:',
    'marked quote': '> x',
    'full-width marked quote': '＞ x',
    'signature delimiter': '-- \n佐藤',
    'signature rule': '＝＝＝＝＝＝＝＝\n佐藤',
    'signature rule with stars': '★☆★☆★☆\n佐藤',
    'framed signature': '＿＿＿＿＿ 見本市 ＿＿＿＿＿\n佐藤',
    'Outlook mobile rule': '________________________________\nFrom: k@mihon.example.jp',
  };

  for (const [mailer, quote] of Object.entries(QUOTES)) {
    it(`end at the quote or signature of ${mailer}`, () => {
      expect(unquotedLines(`依頼\n\nよろしく\n\n${quote}\n`)).to.deep.equal(['依頼', 'よろしく']);
    });
  }

  it('drop everything below a quote header, however it is marked', () => {
    expect(unquotedLines('状況\n差出人: a\n件名: b\n\n承認 4821')).to.deep.equal(['状況']);
    expect(unquotedLines('On Tue, Dec 1, 2026, k@mihon.example.jp wrote:\n> x\n\n承認')).to.deep.equal([]);
  });

  it('keep what only resembles a quote', () => {
    const text =
      '宛先：山田太郎 <yamada@sample.example.jp>\n件名：工事\n2026年12月1日に始めます。\n差出人が違います';
    expect(ownLines(text)).to.have.length(4);
    expect(unquotedLines('2026年12月1日の件です\n次の行:\n依頼')).to.have.length(3);
  });

  it('do not lose lines to an attribution further down', () => {
    const text =
      '2026年12月1日に始めます。\n以上\n2026/12/01 10:00、見本市 <k@mihon.example.jp>のメール:\n> x';
    expect(unquotedLines(text)).to.deep.equal(['2026年12月1日に始めます。', '以上']);
  });

  it('keep the text between quoted lines', () => {
    expect(unquotedLines('> 承認 4821\n承認しません\n> x')).to.deep.equal(['承認しません']);
    expect(firstUnquotedLine('\n\n> x\n')).to.equal(null);
  });
});

describe('words', () => {
  const word = (line: string) => {
    const { word: name, argument } = readWord([line]);
    return argument === '' ? name : `${name} ${argument}`;
  };

  it('are read by equality', () => {
    expect(['依頼', '送信', '発送', 'ＯＫ', 'ok', '依頼　確認済', '依頼：確認済み'].map(word)).to.deep.equal([
      'goAhead',
      'goAhead',
      'goAhead',
      'goAhead',
      'goAhead',
      'goAhead 確認済',
      'goAhead 確認済み',
    ]);
    expect(['承認', '承認 4821', '承認４８２１', '承認：4821'].map(word)).to.deep.equal([
      'approve',
      'approve 4821',
      'approve 4821',
      'approve 4821',
    ]);
    expect(
      ['差戻し　金額が違います', '中止', '再送', '延長 令和8年12月20日', '宛先変更', '追加'].map(word),
    ).to.deep.equal([
      'return 金額が違います',
      'withdraw',
      'resend',
      'extend 令和8年12月20日',
      'changeAddress',
      'add',
    ]);
    expect(
      ['状況', '控え', '一覧', '検索 はくば建設', '登録', '希望確認', 'テスト', 'ヘルプ', '様式', '取消'].map(
        word,
      ),
    ).to.deep.equal([
      'status',
      'copies',
      'list',
      'search はくば建設',
      'register',
      'askPreference',
      'test',
      'help',
      'form',
      'askWhich',
    ]);
  });

  it('are never found inside a line, nor obeyed when the line takes them back', () => {
    for (const line of [
      '承認しません',
      '承認 しません',
      '承認 48211',
      '承認 482',
      '承認します',
      '承認。',
      '不承認',
      '依頼 中止',
      '依頼しない',
      '依頼 しない',
      '中止 しない',
      '中止 は不要です',
      '中止 はしません',
      '中止 はまだです',
      '中止 もしません',
      '中止 をやめます',
      '中止 がよいですか',
      '中止 まだしません',
      '中止 もうしません',
      '中止 もう少し待ってください',
      '中止 もとに戻してください',
      '再送 もう不要です',
      '再送 はもういりません',
      '延長 もう不要です',
      '宛先変更 もう不要です',
      '中止：しません',
      '差戻し は間違いです',
      'これを承認',
      'Re: 承認',
      '4821',
    ]) {
      expect(readWord([line]).word, line).to.equal('unknown');
    }
  });

  it('take for a reason what only begins like a particle', () => {
    for (const reason of [
      'もう不要です',
      'もう一度作り直します',
      'もともと紙の契約でした',
      'もれがありました',
      'もうしわけありません',
      'はじめから作り直します',
      'はんこの位置が違います',
      'はっきり読めません',
      'がけ地の図面がありません',
    ]) {
      for (const word of ['中止', '差戻し'])
        expect(readWord([`${word} ${reason}`]).argument, `${word} ${reason}`).to.equal(reason);
    }
  });

  it('hand the other lines on, and tell an empty reply from an unknown one', () => {
    expect(readWord(['差戻し', '金額が', '違います'])).to.deep.equal({
      word: 'return',
      argument: '',
      rest: ['金額が', '違います'],
    });
    expect(readWord([]).word).to.equal('empty');
    expect(readWord(['toString']).word).to.equal('unknown');
  });
});
