/** What counts as a signing PIN, and who is asked for one. */
import { expect } from 'chai';
import { accessCodeOf, asksForPin } from '../../gateway/app/second-factor.ts';
import { chosenPin } from '../../gateway/app/signing-pin.ts';

describe('a signing PIN that is chosen', () => {
  it('has 6 to 20 digits or letters, in whatever width, typed twice alike', () => {
    expect(chosenPin('012345', '012345', true)).to.deep.equal({ pin: '012345' });
    expect(chosenPin(' Ａｂｃ１２３ ', 'Abc123', false)).to.deep.equal({ pin: 'Abc123' });
    expect(chosenPin('a'.repeat(20), 'a'.repeat(20), true)).to.deep.equal({ pin: 'a'.repeat(20) });
    for (const pin of ['01234', 'a'.repeat(21), '0123-4', 'あいうえおか', 'abc 123']) {
      expect(chosenPin(pin, pin, true), pin).to.deep.equal({ fault: 'shape' });
    }
    expect(chosenPin('Abc123', 'abc123', true)).to.deep.equal({ fault: 'differs' });
    expect(chosenPin('Abc123', '', false)).to.deep.equal({ fault: 'differs' });
    expect(chosenPin('', 'Abc123', false), 'the first one is missing').to.deep.equal({ fault: 'shape' });
  });

  it('may be left out where it is optional', () => {
    expect(chosenPin('', ' ', false)).to.deep.equal({ pin: null });
    expect(chosenPin('', '', true)).to.deep.equal({ fault: 'missing' });
  });
});

describe('which second factor a policy asks for', () => {
  const secrets = { accessCodeOf: () => '1234-5678' };
  const contract = (accessCode?: string) =>
    ({ id: 'c', terms: accessCode === undefined ? {} : { accessCode } }) as never;

  it('is a PIN only where the municipality says so and the contract mail names no code', () => {
    expect(asksForPin(contract(), 'pin')).to.equal(true);
    expect(asksForPin(contract('あり'), 'pin')).to.equal(false);
    expect(asksForPin(contract(), 'code')).to.equal(false);
  });

  it('has a code behind it for whoever has no PIN', () => {
    expect(accessCodeOf(contract(), 'pin', secrets)).to.equal('1234-5678');
    expect(accessCodeOf(contract(), 'none', secrets)).to.equal(null);
    expect(accessCodeOf(contract('umi'), 'none', secrets)).to.equal('umi');
  });
});
