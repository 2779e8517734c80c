/** What strangers wrote stands in a command's lines as text: it sets no title, moves no cursor, turns no writing around. */
import { expect } from 'chai';
import { shown } from '../../gateway/cli/io.ts';

describe('a line of a command', () => {
  it('keeps line ends, tabs and every script, and shows what would steer the terminal', () => {
    const plain = '契約番号\t令8-1\n葛󠄀城市　①㈱　👨‍👩‍👧';
    expect(shown(plain)).to.equal(plain);
    expect(shown('\u001b]0;x\u0007件名\r\u009b2Jfdp.\u202Eexe\b')).to.equal('�]0;x�件名��2Jfdp.�exe�');
  });
});
