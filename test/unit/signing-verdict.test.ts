/** Which verdict follows from which problems (R45). */
import { expect } from 'chai';
import { type Findings, verdictOn, verdictOnFile } from '../../signing/verdict.ts';

const SOUND: Findings = {
  forged: false,
  unfinished: false,
  problems: [[], []],
  heldOnce: false,
  timestamps: 1,
};
const UNPROVEN = ['untrusted: x'];
const ALTERED = ['digest-mismatch: x'];
const AHEAD = ['timestamp-invalid: time-order: x'];

describe('verdicts', () => {
  it('on a signature: what is changed before what is unproven, and an unknown problem counts as a change', () => {
    expect(verdictOn([], false)).to.equal('valid');
    expect(verdictOn(UNPROVEN, false)).to.equal('signer-unproven');
    expect(verdictOn(['timestamp-invalid: validity: x'], true)).to.equal('expired');
    for (const problems of [ALTERED, [...UNPROVEN, ...ALTERED], ['novelty: x'], ['no code at all']]) {
      expect(verdictOn(problems, true), problems.join()).to.equal('altered');
    }
    expect(verdictOn(['timestamp-invalid: imprint-mismatch: x'], true)).to.equal('altered');
  });

  const rows: readonly [string, Partial<Findings>, ReturnType<typeof verdictOnFile>][] = [
    ['sound', {}, 'valid'],
    ['renewed', { timestamps: 2 }, 'extended'],
    ['unfinished', { unfinished: true, timestamps: 0 }, 'outdated'],
    ['closed too early', { unfinished: true, timestamps: 2 }, 'outdated'],
    ['unproven', { problems: [[], UNPROVEN] }, 'signer-unproven'],
    ['unproven and unfinished', { unfinished: true, problems: [UNPROVEN] }, 'signer-unproven'],
    ['run out', { problems: [UNPROVEN], heldOnce: true }, 'expired'],
    ['run out, renewed before', { problems: [UNPROVEN], heldOnce: true, timestamps: 2 }, 'expired'],
    ['not signed yet', { problems: [AHEAD, UNPROVEN] }, 'unjudged'],
    ['not signed yet, and changed', { problems: [AHEAD, ALTERED] }, 'altered'],
    ['changed in one signature', { problems: [[], ALTERED], heldOnce: true }, 'altered'],
    ['forged though every signature holds', { forged: true, timestamps: 2 }, 'altered'],
    ['forged and unfinished', { forged: true, unfinished: true }, 'altered'],
  ];
  for (const [what, findings, verdict] of rows) {
    it(`on a file that is ${what}: ${verdict}`, () => {
      expect(verdictOnFile({ ...SOUND, ...findings })).to.equal(verdict);
    });
  }
});
