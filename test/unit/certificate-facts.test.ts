/** What the certificate states comes from the history, and from the consent that counts (R29, R42). */
import { expect } from 'chai';
import type { Contract } from '../../gateway/contract/contract.ts';
import type { Event, EventBody } from '../../gateway/contract/events.ts';
import { replay } from '../../gateway/contract/evolve.ts';
import { certificateFacts } from '../../gateway/jobs/certificate-facts.ts';
import { sampleDraft } from '../support/contract.ts';

const MUNICIPALITY = {
  name: '見本市',
  nameHolder: '見本市長',
  signedBy: '運用者',
  verificationAddress: null,
};
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
      userAgent: means === 'page' ? 'Mozilla/5.0 (X\u{1F600})' : null,
      message: null,
      authentication: means === 'mail' ? 'submission-relay: loopback' : null,
    },
    seals,
  };
}

function opening(occasion: 'first' | 'resent'): EventBody {
  return {
    type: 'StepOpened',
    step: 1,
    participant: 'step-2',
    role: 'signatory',
    generation: 1,
    occasion,
    deadline: '2026-12-01',
    reminders: [],
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
    opening('first'),
    consent(1, `${DAY}1T02:00:00.000Z`, 'page', ['d1', 'd2']),
    sealed('d1', 1, `${DAY}1T02:00:01.000Z`),
    { type: 'ConsentTakenBack', step: 1, participant: 'step-2', voided: null },
    opening('resent'),
    consent(1, `${DAY}2T02:00:00.000Z`, 'page', ['d1', 'd2']),
    sealed('d2', 1, `${DAY}2T02:00:09.000Z`),
    sealed('d1', 1, `${DAY}2T02:00:05.000Z`),
    { type: 'MailFailed', mail: 'm', kind: 'approvalRequest', recipient: 'step-3', response: '550' },
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
    const { decided, upload } = contract.documents[0]!;
    const common = { pages: 3, uploadedSize: upload.size, size: 900, executed: 'sealed', decided };
    expect(facts.documents).to.deep.equal([
      { ...common, title: '契約書', fileName: contract.documents[0]!.fileName, uploaded: 'upload-1' },
      { ...common, title: '別紙1', fileName: contract.documents[1]!.fileName, uploaded: 'upload-2' },
    ]);
  });

  it('is every turn on the way, with the time it took and whose it was', () => {
    expect(facts.events.map(({ at, what, role }) => [at.toString().slice(8, 19), what, role])).to.deep.equal([
      ['21T00:00:00', 'drafted', 'initiator'],
      ['21T00:00:00', 'checked', 'checker'],
      ['21T00:00:00', 'asked', 'signatory'],
      ['21T00:00:00', 'consented', 'signatory'],
      ['21T00:00:00', 'takenBack', 'signatory'],
      ['21T00:00:00', 'askedAgain', 'signatory'],
      ['21T00:00:00', 'consented', 'signatory'],
      ['22T02:00:05', 'sealed', null],
      ['21T00:00:00', 'undelivered', 'approver'],
      ['21T00:00:00', 'consented', 'approver'],
      ['23T03:00:06', 'sealed', null],
      ['21T00:00:00', 'closed', null],
    ]);
  });

  it('is how the sender of a reply was known, and what a browser called itself, as far as it can be printed', () => {
    expect(facts.people.map(({ senderProof }) => senderProof)).to.deep.equal([
      null,
      null,
      'submission-relay',
    ]);
    expect(facts.people[1]!.userAgent).to.equal('Mozilla/5.0 (X)');
    expect(facts.people[1]!.askedAt).to.equal(`${DAY}1T00:00:00.000Z`);
  });

  for (const proof of ['submission-relay', 'smtp-auth', 'authentication-results', 'direct']) {
    it(`is that a reply’s sender was known by ${proof}`, () => {
      const told = history.map((event) =>
        event.type === 'ConsentGiven' && event.evidence.means === 'mail'
          ? { ...event, evidence: { ...event.evidence, authentication: `${proof}: example` } }
          : event,
      );
      expect(certificateFacts(contract, told, MUNICIPALITY).people[2]!.senderProof).to.equal(proof);
    });
  }

  it('is what was put into the boxes, in words', () => {
    const box = {
      required: false,
      multiline: false,
      maxLength: null,
      value: '',
      page: 1,
      rect: [0, 0, 1, 1],
    } as const;
    const boxes = [
      { ...box, name: 'who', kind: 'text', label: '担当者', options: [] },
      { ...box, name: 'sure', kind: 'check', label: '確認', options: [{ value: 'On', label: 'はい' }] },
      { ...box, name: 'way', kind: 'choice', label: '方法', options: [{ value: '2', label: '振込' }] },
      { ...box, name: 'open', kind: 'text', label: '空欄', options: [] },
    ] as const;
    const [first, ...others] = contract.documents;
    const filled = [
      { document: first!.id, name: 'way', value: '2' },
      { document: first!.id, name: 'who', value: '木村' },
      { document: first!.id, name: 'sure', value: 'On' },
    ];
    const { people } = certificateFacts(
      { ...contract, documents: [{ ...first!, boxes }, ...others] },
      history.map((event) =>
        event.type === 'ConsentGiven' && event.step === 1 ? { ...event, filled } : event,
      ),
      MUNICIPALITY,
    );
    expect(people[0]!.filled).to.deep.equal([]);
    expect(people[1]!.filled.map(({ label, value }) => [label, value])).to.deep.equal([
      ['担当者', '木村'],
      ['確認', null],
      ['方法', '振込'],
    ]);
  });

  it('is who asked for another address, who agreed, from where to where', () => {
    const { person } = contract.steps[1]!;
    const former = { ...person, address: 'old@sample.example.jp' };
    const made = { participant: 'step-2', former, holder: person, at: `${DAY}1T00:00:00.000Z` };
    const confirmedBy = contract.steps[2]!.person;
    const changed = { ...contract, holderChanges: [{ ...made, confirmedBy }] };
    const [change] = certificateFacts(changed, history, MUNICIPALITY).addressChanges;
    expect(change).to.include({ at: made.at, role: 'signatory' });
    expect(change!.former.address).to.equal(former.address);
    expect(change!.holder.address).to.equal(person.address);
    expect(change!.agreedBy!.address).to.equal(confirmedBy.address);
    expect(facts.addressChanges).to.deep.equal([]);
  });

  it('is refused without a consent for every step', () => {
    const missing = history.filter((event) => event.type !== 'ConsentGiven' || event.step !== 2);
    expect(() => certificateFacts(contract, missing, MUNICIPALITY)).to.throw('no consent of step 2');
  });
});
