// Which roles a process takes, and when they may be split over several.
import { expect } from 'chai';
import { ALL_ROLES, readRoles, splitProblem } from '../../gateway/roles.ts';

const NEITHER = { databaseUrl: null, redisUrl: null };
const BOTH = { databaseUrl: 'postgres://127.0.0.1/keiyakubin', redisUrl: 'redis://127.0.0.1' };

describe('roles', () => {
  it('are all of them unless some are named', () => {
    expect([...readRoles(undefined)]).to.deep.equal(['smtp', 'web', 'worker', 'scheduler']);
    expect([...readRoles('web, smtp,web')]).to.have.members(['smtp', 'web']);
  });

  it('are known by their names only', () => {
    expect(() => readRoles('web,mail,')).to.throw("--role: 'mail, ' is none of smtp, web, worker, scheduler");
    expect(() => readRoles('')).to.throw(/none of/);
  });

  it('may be split with PostgreSQL and Redis together, and run as one with either or neither', () => {
    const some = readRoles('smtp,web');
    expect(splitProblem(some, BOTH)).to.equal(null);
    for (const lacking of [NEITHER, { ...BOTH, redisUrl: null }, { ...BOTH, databaseUrl: null }]) {
      expect(splitProblem(some, lacking)).to.match(/databaseUrl and redisUrl/);
      expect(splitProblem(ALL_ROLES, lacking)).to.equal(null);
    }
  });
});
