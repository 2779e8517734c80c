/** What the certificate states comes from the history, and from the consent that counts (R29, R42). */
import { expect } from 'chai';
import type { Contract } from '../../gateway/contract/contract.ts';
import type { Event, EventBody } from '../../gateway/contract/events.ts';
import { replay } from '../../gateway/contract/evolve.ts';
import { certificateFacts } from '../../gateway/jobs/certificate-facts.ts';
import { sampleDraft } from '../support/contract.ts';

const MUNICIPALITY = { name: '見本市', nameHolder: '見本市長', signedBy: '運用者' };
const REVISION = { blob: 'r', size: 900, sha256: 'sealed', purpose: 'consent' } as const;
const DAY = '2026-11-2';

function consent(step: number, at: string, means: 'page' | 'mail', seals: readonly string[]): EventBody {
  return {
    type: 'ConsentGiven',
    step,
    participant: `step-${step + 1}`,
    consentedAt: at,
    attempt: 1,
    heads: [],
    filled: [],
    evidence: {
      means,
      ip: means === 'page' ? `192.0.2.${step}` : null,
      userAgent: null,
      message: null,
      authentication: null,
    },
    seals,
  };
}

function sealed(document: string, step: number, timestamp: string): EventBody {
  return { type: 'DocumentSealed', document, revision: { ...REVISION, step }, timestamp };
}

function historyOf(...bodies: EventBody[]): { contract: Contract; history: Event[] } {
  const opened: EventBody = {
    type: 'ContractDrafted',
    id: 'abc',
    municipality: 'mihon',
    number: '2026-0001',
    certificateId: 'ABCD',
    sourceMessageId: null,
    draft: sampleDraft({ checker: true, documents: 2 }),
    expiresAt: `${DAY}9T00:00:00.000Z`,
  };
  const history = [opened, ...bodies].map(
    (body, index): Event => ({ ...body, seq: index + 1, at: `${DAY}1T00:00:00.000Z` }),
  );
  return { contract: replay(history)!, history };
}

describe('what the certificate states', () => {
  const { contract, history } = historyOf(
    consent(0, `${DAY}1T01:00:00.000Z`, 'page', []),
    consent(1, `${DAY}1T02:00:00.000Z`, 'page', ['d1', 'd2']),
    sealed('d1', 1, `${DAY}1T02:00:01.000Z`),
    { type: 'ConsentTakenBack', step: 1, participant: 'step-2', voided: null },
    consent(1, `${DAY}2T02:00:00.000Z`, 'page', ['d1', 'd2']),
    sealed('d2', 1, `${DAY}2T02:00:09.000Z`),
    sealed('d1', 1, `${DAY}2T02:00:05.000Z`),
    consent(2, `${DAY}3T03:00:00.000Z`, 'mail', ['d1', 'd2']),
    sealed('d1', 2, `${DAY}3T03:00:05.000Z`),
    sealed('d2', 2, `${DAY}3T03:00:06.000Z`),
    { type: 'CertifyingStarted', contractDate: '2026-11-23' },
  );
  const facts = certificateFacts(contract, history, MUNICIPALITY);

  it('is the consent that counts, not one that was taken back', () => {
    expect(facts.people[1]).to.include({
      consentedAt: `${DAY}2T02:00:00.000Z`,
      signedAt: `${DAY}2T02:00:09.000Z`,
      ip: '192.0.2.1',
    });
  });

  it('is nothing signed for a checker, and a reply for who replied', () => {
    expect(facts.people.map(({ role, means, signedAt }) => [role, means, signedAt])).to.deep.equal([
      ['checker', 'page', null],
      ['signatory', 'page', `${DAY}2T02:00:09.000Z`],
      ['approver', 'mail-reply', `${DAY}3T03:00:06.000Z`],
    ]);
    expect(facts.people[2]).to.include({ ip: null, receiptNumber: null });
  });

  it('is each document as mailed in and as it stands', () => {
    expect(facts.documents).to.deep.equal([
      { title: '契約書', pages: 3, size: 900, uploaded: 'upload-1', executed: 'sealed' },
      { title: '別紙1', pages: 3, size: 900, uploaded: 'upload-2', executed: 'sealed' },
    ]);
  });

  it('is refused without a consent for every step', () => {
    const missing = history.filter((event) => event.type !== 'ConsentGiven' || event.step !== 2);
    expect(() => certificateFacts(contract, missing, MUNICIPALITY)).to.throw('no consent of step 2');
  });
});
