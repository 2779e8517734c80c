/** Redis that does not answer holds nobody up for longer than the settings say. */
import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { bullCarrier } from '../../gateway/jobs/bull-carrier.ts';
import { createLog } from '../../gateway/log.ts';
import { rejection } from '../support/rejection.ts';

describe('the carrier on Redis', () => {
  let silent: Server;
  before(() => {
    silent = createServer(() => {});
    return new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  after(() => silent.close());

  it('gives up what is not answered in time', async () => {
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const carrier = bullCarrier({
      ...{ url: `redis://127.0.0.1:${port}`, prefix: 'test', answerSeconds: 0.02 },
      ...{ onReachable: () => {}, log: createLog('silent') },
    });
    expect(await rejection(carrier.waiting())).to.match(/did not answer within 20 ms/);
    expect(await rejection(carrier.send(['key']))).to.match(/did not answer within 20 ms/);
    expect(carrier.isReachable()).to.equal(false);
    await carrier.close();
  });
});
