// The morning summary: when the next one is due, and what of a contract is shown to whom.
import { expect } from 'chai';
import type { Contract } from '../../gateway/contract/contract.ts';
import { open } from '../../gateway/contract/decide.ts';
import { evolve } from '../../gateway/contract/evolve.ts';
import { isDayOff } from '../../gateway/jobs/holidays.ts';
import { scheduleSummary } from '../../gateway/jobs/summary.ts';
import { concernedBy, summaryItem } from '../../gateway/jobs/summary-facts.ts';
import { sampleDraft } from '../support/contract.ts';
import { temporaryDatabase } from '../support/database.ts';

const NOW = '2026-11-20T03:00:00.000Z';
const SATO = 'sato@mihon.example.jp';
const SUZUKI = 'suzuki@mihon.example.jp';
const MORNING = { today: '2026-11-24', since: '2026-11-19T15:00:00.000Z' };

function contract(changes: Partial<Contract>): Contract {
  const opening = { id: 'abc', municipality: 'mihon', number: '2026-0001', certificateId: 'ABC' };
  const body = open(
    { ...opening, sourceMessageId: null, draft: sampleDraft() },
    {
      now: NOW,
      goAheadDelaySeconds: 0,
      draftExpiresDays: 14,
      remindDaysAfter: [],
      remindDaysBefore: [],
      isDayOff,
    },
  );
  return { ...evolve(undefined, { ...body, seq: 1, at: NOW }), ...changes };
}

const sectionOf = (of: Contract, address: string): string | undefined =>
  summaryItem(of, address, MORNING)?.section;

describe('what a summary shows', () => {
  it('puts each contract under its most urgent heading, for whose it is', () => {
    const awaiting = contract({ state: 'awaiting' });
    const failed = {
      mail: 'm',
      kind: 'signatureRequest',
      recipient: 'step-1',
      outcome: 'failed',
      at: NOW,
      response: '550',
    } as const;
    expect(sectionOf(contract({}), SATO)).to.equal('drafts');
    expect(sectionOf(awaiting, SATO)).to.equal('waiting');
    expect(sectionOf({ ...awaiting, deadline: '2026-11-27' }, SATO)).to.equal('due');
    expect(sectionOf({ ...awaiting, deadline: '2026-11-28' }, SATO)).to.equal('waiting');
    expect(sectionOf({ ...awaiting, deliveries: [failed] }, SATO)).to.equal('undelivered');
    const resent = { ...failed, mail: 'n', outcome: 'taken' } as const;
    expect(sectionOf({ ...awaiting, deliveries: [failed, resent] }, SATO)).to.equal('waiting');
    const approving = contract({ state: 'awaiting', step: 1 });
    expect(sectionOf(approving, SUZUKI)).to.equal('toApprove');
    expect(concernedBy(approving)).to.deep.equal([SATO, SUZUKI]);
    expect(concernedBy(awaiting)).to.deep.equal([SATO]);
    expect(sectionOf(contract({ state: 'concluded', concludedAt: MORNING.since }), SATO)).to.equal(
      'concluded',
    );
    expect(
      sectionOf(contract({ state: 'concluded', concludedAt: '2026-11-19T14:59:59.999Z' }), SATO),
    ).to.equal(undefined);
    expect(sectionOf(contract({ state: 'withdrawn' }), SATO)).to.equal(undefined);
  });
});

describe('the next summary', () => {
  const held = temporaryDatabase();
  const dueAfter = async (now: string, summaryAt: string | null): Promise<string[]> => {
    const { knex } = held.database;
    await scheduleSummary(knex, { summaryAt, isDayOff }, 'mihon', now);
    await scheduleSummary(knex, { summaryAt, isDayOff }, 'mihon', now);
    return knex('outbox').pluck('not_before');
  };

  it('is today’s before its hour', async () => {
    expect(await dueAfter('2026-11-19T23:29:59.000Z', '08:30')).to.deep.equal(['2026-11-19T23:30:00.000Z']);
  });

  it('is the next working day’s after it: not on Saturday, Sunday or a holiday', async () => {
    expect(await dueAfter('2026-11-19T23:30:00.000Z', '08:30')).to.deep.equal(['2026-11-23T23:30:00.000Z']);
  });

  it('does not exist where it is switched off', async () => {
    expect(await dueAfter(NOW, null)).to.deep.equal([]);
  });
});
