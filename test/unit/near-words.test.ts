/** Words that miss a command by politeness, brackets or a synonym: the answer names the one that was meant, and nothing is done. */
import { expect } from 'chai';
import { nearWord } from '../../gateway/mail/near-words.ts';
import { readWord, type WordName } from '../../gateway/mail/words.ts';

describe('a word that is nearly a command', () => {
  const MEANT: readonly [written: string, word: WordName][] = [
    ['はい、依頼します', 'goAhead'],
    ['依頼。', 'goAhead'],
    ['依頼お願いします', 'goAhead'],
    ['『依頼』', 'goAhead'],
    ['「依頼 確認済」', 'goAhead'],
    ['依頼確認済', 'goAhead'],
    ['依頼、確認済みです。', 'goAhead'],
    ['ＯＫです', 'goAhead'],
    ['確認済', 'goAhead'],
    ['承認します', 'approve'],
    ['承認いたします。', 'approve'],
    ['承認（代決）', 'approve'],
    ['「承認 4821」', 'approve'],
    ['承認「4821」', 'approve'],
    ['承認 4821です', 'approve'],
    ['同意します', 'approve'],
    ['差戻します', 'return'],
    ['中止してください！', 'withdraw'],
    ['取り下げ', 'withdraw'],
    ['再送お願いします', 'resend'],
    ['差し替えます。', 'add'],
    ['テストです', 'test'],
    ['テスト送信です。', 'test'],
    ['状況', 'status'],
  ];
  for (const [written, word] of MEANT) {
    it(`is told apart: ${written}`, () => expect(nearWord(written)).to.equal(word));
  }

  it('is obeyed in no case but where it is the word itself', () => {
    for (const [written] of MEANT.slice(0, -1)) expect(readWord([written]).word, written).to.equal('unknown');
  });

  const NOBODY_KNOWS = [
    '承認しません',
    '承認しない',
    '承認できません。',
    '依頼しないでください',
    '承認してよいですか',
    '承認？',
    '承認はまだです',
    '承認待ち',
    '済',
    'お世話になっております。',
    '金額を1,210,000円に直してください。',
    '依頼 中止',
    '中止 は不要',
    'constructor',
    '__proto__',
    '',
  ];
  for (const written of NOBODY_KNOWS) {
    it(`is not made of ${written || 'nothing'}`, () => expect(nearWord(written)).to.equal(null));
  }
});
