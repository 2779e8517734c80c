// The morning summary: when the next one is due, and what of a contract is shown to whom.
import { expect } from 'chai';
import type { Contract } from '../../gateway/contract/contract.ts';
import { open } from '../../gateway/contract/decide.ts';
import { evolve } from '../../gateway/contract/evolve.ts';
import { isDayOff } from '../../gateway/jobs/holidays.ts';
import { scheduleSummary } from '../../gateway/jobs/summary.ts';
import { concernedBy, summaryItem } from '../../gateway/jobs/summary-facts.ts';
import { summary, summarySample } from '../../templates/index.ts';
import { sampleDraft } from '../support/contract.ts';
import { temporaryDatabase } from '../support/database.ts';

const NOW = '2026-11-20T03:00:00.000Z';
const SATO = 'sato@mihon.example.jp';
const SUZUKI = 'suzuki@mihon.example.jp';
const MORNING = { today: '2026-11-24', since: '2026-11-19T15:00:00.000Z', dueDays: 3 };

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
  it('calls a contract due as many days before its deadline as is set', () => {
    const underway = contract({ state: 'preparing', deadline: '2026-12-01' });
    const on = (today: string, dueDays: number) =>
      summaryItem(underway, SATO, { ...MORNING, today, dueDays })?.section;
    expect([on('2026-11-27', 3), on('2026-11-28', 3)]).to.deep.equal(['waiting', 'due']);
    expect([on('2026-11-23', 7), on('2026-11-24', 7)]).to.deep.equal(['waiting', 'due']);
  });

  it('lists as many contracts under a heading as is set, and counts the rest', () => {
    const { sections, ...rest } = summarySample;
    const [{ section, items }] = sections as [(typeof sections)[0]];
    const three = [1, 2, 3].map((nth) => ({ ...items[0]!, number: `2026-000${nth}` }));
    const listedOf = (listed: number): string =>
      JSON.stringify(summary({ ...rest, listed, sections: [{ section, items: three }] }).blocks);
    expect(listedOf(2)).to.include('2026-0002').and.include('ほか1件').and.not.include('2026-0003');
    expect(listedOf(3)).to.include('2026-0003').and.not.include('ほか');
  });

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
