/** What a further reply to the notice of a contract's end is answered with: the newest contract after it, and where that stands. */
import { expect } from 'chai';
import { hasComeAnew } from '../../gateway/app/came-anew.ts';
import type { ContractStore } from '../../gateway/app/contract-store.ts';
import type { Contract } from '../../gateway/contract/contract.ts';
import { type RefusalCode, refusalSentence } from '../../templates/index.ts';

const PAPER = { at: '', by: 'step-1', reason: null, paper: true } as const;

async function answerAfter(...chain: Partial<Contract>[]) {
  const contracts = chain.map((one, at) => ({
    ...{ id: `c${at}`, number: `2026-000${at + 1}`, ending: null, releaseAt: null },
    ...(at + 1 < chain.length ? { successor: `c${at + 1}` } : {}),
    ...one,
  })) as unknown as Contract[];
  const load = async (_: unknown, id: string) => {
    const contract = contracts.find((one) => one.id === id);
    return contract && { contract };
  };
  const store = { load } as unknown as ContractStore;
  const { status, contract, answer } = await hasComeAnew({ store }, contracts[0]!)(null as never, '');
  if (answer?.type !== 'commandRefused') throw new Error('no refusal');
  expect(status).to.equal('refused');
  expect([contract, answer.participant]).to.deep.equal([answer.contract, 'initiator']);
  const said = answer.problems.map(({ code, args }) => refusalSentence(code as RefusalCode, args));
  return { contract, codes: answer.problems.map(({ code }) => code), said: said.join('') };
}

describe('a further reply to the notice of an end', () => {
  for (const [standing, contract] of [
    ['anew-draft', { state: 'draft' }],
    ['anew-running', { state: 'preparing' }],
    ['anew-running', { state: 'awaiting' }],
    ['anew-running', { state: 'sealing' }],
    ['anew-running', { state: 'concluding' }],
    ['anew-concluded', { state: 'concluded' }],
    ['anew-ended', { state: 'withdrawn' }],
    ['anew-ended', { state: 'declined' }],
    ['anew-ended', { state: 'expired', releaseAt: '2026-11-21T01:00:00.000Z' }],
    ['anew-over', { state: 'expired' }],
    ['anew-over', { state: 'declined', ending: PAPER }],
  ] as const) {
    it(`hears ${standing} of what came in and is ${contract.state}`, async () => {
      const { codes, said } = await answerAfter({ state: 'withdrawn' }, contract);
      expect(codes).to.deep.equal(['came-anew', standing]);
      expect(said).to.include('受付2026-0001は、').and.include('受付2026-0002');
    });
  }

  it('hears of the last of several', async () => {
    const ended = { state: 'withdrawn' } as const;
    const { contract, said } = await answerAfter(ended, ended, { state: 'draft' });
    expect(contract).to.equal('c2');
    expect(said).to.include('受付2026-0003は、まだ送っていません。').and.not.include('2026-0002');
  });
});
