// Outages and bugs: what is worth another try, and what is not.
import { expect } from 'chai';
import { isTransient } from '../../gateway/app/transient.ts';

function failure(code: string): Error {
  return Object.assign(new Error('it failed'), { code });
}

describe('a failure', () => {
  for (const code of [
    'ECONNREFUSED',
    'ENETUNREACH',
    'ENOSPC',
    'EDQUOT',
    'ENFILE',
    '08006',
    '25006',
    '57P05',
  ]) {
    it(`with ${code} passes`, () => {
      expect(isTransient(failure(code))).to.equal(true);
    });
  }

  for (const code of ['ENOENT', '25001', '42P01', '23503']) {
    it(`with ${code} stays`, () => {
      expect(isTransient(failure(code))).to.equal(false);
    });
  }

  it('says itself which it is, before anything else', () => {
    expect(isTransient(Object.assign(failure('ECONNREFUSED'), { transient: false }))).to.equal(false);
    expect(isTransient(Object.assign(new Error('busy'), { transient: true }))).to.equal(true);
    expect(isTransient('ECONNREFUSED')).to.equal(false);
  });
});
