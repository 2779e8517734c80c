/** What a renewal run is given: the day it may be set to, the span it looks at, and wrong use of the command. */
import { expect } from 'chai';
import { renewProofs } from '../../gateway/cli/renew.ts';
import { type Config, isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { totals } from '../../gateway/jobs/renewal-figures.ts';
import { dueFilter } from '../../gateway/jobs/renewal-run.ts';
import { temporaryFolder } from '../support/folder.ts';

describe('a renewal run', () => {
  const folder = temporaryFolder();
  const configWith = (env: Record<string, string>): Config | readonly string[] => {
    const outcome = loadConfig({ env: { KEIYAKUBIN_DATA_DIRECTORY: folder(), ...env } });
    return isConfigProblems(outcome) ? outcome.problems : outcome;
  };

  it('can be set to a day that every year has, and to no other', () => {
    const set = (day: string) => configWith({ KEIYAKUBIN_SIGNING__RENEWAL__MONTH_DAY: day });
    for (const day of ['01-01', '02-28', '12-31']) {
      expect((set(day) as Config).signing.renewal.monthDay).to.equal(day);
    }
    for (const day of ['02-29', '02-30', '04-31', '13-01', '00-10', '6-1', '2027-06-01', '']) {
      expect(set(day), day).to.be.an('array').with.length(1);
    }
  });

  it('looks so many days ahead, and leaves alone what was dealt with this year in Japan', () => {
    const span = { withinDays: 730, municipality: null };
    expect(dueFilter(span, '2027-05-31T17:00:00.000Z')).to.deep.equal({
      before: '2029-05-30T17:00:00.000Z',
      settledBefore: '2026-12-31T15:00:00.000Z',
      municipality: null,
    });
    // New Year's morning in Japan is still the old year in UTC.
    expect(dueFilter(span, '2027-12-31T16:00:00.000Z').settledBefore).to.equal('2027-12-31T15:00:00.000Z');
    expect(dueFilter(span, '2027-12-31T14:59:59.000Z').settledBefore).to.equal('2026-12-31T15:00:00.000Z');
  });

  it('adds up what became of its files over all municipalities', () => {
    const of = (municipality: string, outcome: string | null, files: number) => ({
      municipality,
      outcome,
      files,
    });
    const counts = [
      of('mihon', 'renewed', 3),
      of('mihon', 'unextendable', 1),
      of('mihon', 'altered', 2),
      of('tonari', 'renewed', 4),
      of('tonari', 'unchanged', 5),
      of('tonari', 'failed', 1),
      of('tonari', null, 6),
    ];
    expect(totals(counts)).to.deep.equal({ files: 22, open: 6, renewed: 7, unchanged: 6, failed: 3 });
  });

  it('is not ordered for a municipality that is not there, nor with numbers that count nothing', async () => {
    const config = configWith({}) as Config;
    const attempt = async (options: Partial<Parameters<typeof renewProofs>[0]>) => {
      const lines: string[] = [];
      const io = {
        out: () => expect.fail('nothing is to be ordered'),
        err: (line: string) => void lines.push(line),
      };
      const code = await renewProofs({ config, dryRun: false, wait: false, json: false, ...options }, io);
      return [code, ...lines];
    };
    expect(await attempt({ municipality: 'tonari' })).to.deep.equal([
      2,
      '自治体「tonari」は、設定にありません。',
    ]);
    for (const within of [0, -1, 1.5, 'many', true, 36_501]) {
      const [code, line] = await attempt({ within });
      expect([code, line], String(within)).to.deep.equal([
        2,
        '--within には、1以上の整数（36500まで）を指定してください。',
      ]);
    }
    expect((await attempt({ limit: '0' }))[0]).to.equal(2);
  });
});
