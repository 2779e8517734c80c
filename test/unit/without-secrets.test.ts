/** What vendors wrote is passed on without the links and reply addresses that it quotes. */
import { expect } from 'chai';
import { withoutSecrets } from '../../gateway/jobs/passing-on.ts';

const SECRET = 'abcdefghijklmnopqrstuvwxyz234567abcdefghij';
const SITE = 'https://keiyaku.mihon.example.jp';

describe('words that are passed on', () => {
  for (const [what, written] of [
    ['a request', `${SITE}/c/${SECRET}`],
    ['a download', `${SITE}/d/${SECRET}/files/1?a=b`],
    ['a confirmation of an address', `${SITE}/r/${SECRET}`],
    ['a reply address', `keiyaku+${SECRET}@mihon.example.jp`],
    ['a link in capitals', `${SITE}/c/${SECRET.toUpperCase()}`],
  ] as const) {
    it(`leave out the secret of ${what}`, () => {
      expect(withoutSecrets(`届いた<${written}>は何ですか ${written}。`)).to.equal(
        '届いた<（省略）>は何ですか （省略）。',
      );
    });
  }

  it('keep everything else', () => {
    const words = `${SITE}/help と suzuki+a@mihon.example.jp、/c/${SECRET.slice(1)} 1,000円 <a>`;
    expect(withoutSecrets(words)).to.equal(words);
  });

  it('may be one word as long as a mail takes', () => {
    const word = '/c/a+'.repeat(400_000);
    expect(withoutSecrets(word) === word).to.equal(true);
  });
});
