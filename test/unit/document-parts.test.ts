/** Which parts of a document the viewer may ask for with one request. */
import { expect } from 'chai';
import { BLOCK_OCTETS, runsOf } from '../../gateway/web/parts.ts';

describe('the parts of a document', () => {
  const SIZE = 10 * BLOCK_OCTETS + 7;

  it('are runs of octets, the last one as long as the file is', () => {
    expect(runsOf('0,3-5,10', SIZE)).to.deep.equal([
      { from: 0, to: BLOCK_OCTETS },
      { from: 3 * BLOCK_OCTETS, to: 6 * BLOCK_OCTETS },
      { from: 10 * BLOCK_OCTETS, to: SIZE },
    ]);
    expect(runsOf('0-10', SIZE)).to.deep.equal([{ from: 0, to: SIZE }]);
  });

  it('rise, do not overlap and lie within the file, so that nobody is sent more than the file', () => {
    for (const blocks of ['1,1', '2,1', '0-3,3', '3-2', '11', '0-11', '0,999999999']) {
      expect(runsOf(blocks, SIZE), blocks).to.equal(null);
    }
    expect(runsOf('0', 0)).to.equal(null);
  });

  it('are not made of anything else', () => {
    const wishes = [
      undefined,
      '',
      ',',
      '0,',
      '-1',
      '1.5',
      '１',
      '0x1',
      '1--2',
      '1-2-3',
      ['0', '1'],
      { 0: '1' },
    ];
    for (const wish of [...wishes, '1'.repeat(10)]) expect(runsOf(wish, SIZE), String(wish)).to.equal(null);
  });

  it('are five hundred runs at most', () => {
    const blocks = Array.from({ length: 501 }, (_, block) => block);
    expect(runsOf(blocks.slice(1).join(','), 1000 * BLOCK_OCTETS)).to.have.length(500);
    expect(runsOf(blocks.join(','), 1000 * BLOCK_OCTETS)).to.equal(null);
  });
});
