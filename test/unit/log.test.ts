// What leaves the log: addresses and secrets masked, whatever strangers put into a line.

import { expect } from 'chai';
import { createLog, masked } from '../../gateway/log.ts';

describe('a log line', () => {
  it('shows of an address its first character and its domain, of a secret nothing', () => {
    const secret = 'abcdefghij234567abcdefghij234567abcdefghij';
    for (const [line, shown] of [
      ['to yamada.taro+x@sample.example.jp now', 'to y***@sample.example.jp now'],
      ['<..a.b@sample.example.jp>,c@mihon.example.jp', '<..a***@sample.example.jp>,c***@mihon.example.jp'],
      ['契約@見本市.example.jp', '契***@見本市.example.jp'],
      ['a@b@sample.example.jp', 'a@b***@sample.example.jp'],
      [
        'a@localhost, @sample.example.jp, ._@sample.example.jp',
        'a@localhost, @sample.example.jp, ._@sample.example.jp',
      ],
      [`reply+${secret}@x and ${secret.toUpperCase()}`, 'reply+[secret]@x and [secret]'],
      [`${secret}a`, `${secret}a`],
    ] as const) {
      expect(masked(line)).to.equal(shown);
    }
  });

  it('is written in one pass where it holds a word without end', () => {
    const lines: string[] = [];
    const word = `${'あ'.repeat(2_000_000)}${'._'.repeat(1_000_000)}`;
    createLog('info', { write: (line) => lines.push(line) }).info({ word }, 'read');
    expect(lines.join()).to.include(word);
  });
});
