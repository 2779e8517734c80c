// 国民の祝日: the same days wherever the server stands.
import { expect } from 'chai';
import { isDayOff } from '../../gateway/jobs/holidays.ts';

describe('holidays', () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  for (const elsewhere of ['UTC', 'Asia/Tokyo', 'America/New_York']) {
    it(`are those of Japan on a server in ${elsewhere}`, () => {
      process.env.TZ = elsewhere;
      // Friday, Saturday, Sunday, a holiday on Monday, Tuesday.
      expect([20, 21, 22, 23, 24].filter((day) => isDayOff(`2026-11-${day}`))).to.deep.equal([21, 22, 23]);
    });
  }
});
