// Guessing at passwords over SMTP: counted for each address and account, few at once, and nobody else is kept out (RFC 4954).

import { expect } from 'chai';
import { createTransport } from 'nodemailer';
import { hashPassword } from '../../gateway/passwords.ts';
import { createSmtpServer, type RunningSmtpServer } from '../../gateway/smtp/server.ts';
import { turns } from '../../gateway/turns.ts';
import { recordingLog } from '../support/log.ts';
import { issueRoot, keyPemOf, pemOf } from '../support/pki.ts';

const HOUR_MS = 3_600_000;
const [OFFICE, ELSEWHERE, FURTHER] = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
const TOO_MANY = '454 4.7.0 Too many wrong logins, try again in an hour';
const WRONG = '535 5.7.8 Authentication credentials invalid';

describe('logins over SMTP', () => {
  const certificate = issueRoot();
  const logged = recordingLog();
  let passwordHash: string;
  let server: RunningSmtpServer;
  let port: number;
  let now: number;
  let [checking, mostAtOnce] = [0, 0];

  before(async () => {
    passwordHash = await hashPassword('himitsu');
  });
  beforeEach(async () => {
    now = Date.parse('2026-11-21T00:00:00Z');
    logged.lines.length = 0;
    const { take } = turns(2);
    server = createSmtpServer({
      ...{ host: OFFICE, port: 0, hostname: 'mx.mihon.example.jp' },
      tls: { key: keyPemOf(certificate), cert: pemOf(certificate) },
      ...{ maxSize: 1000, maxClients: 100, maxRecipients: 100, idleSeconds: 300, closeSeconds: 10 },
      relays: [],
      accounts: ['sato', 'suzuki'].map((username) => ({ username, passwordHash, addresses: [] })),
      ...{ wrongLoginsPerAddressPerHour: 3, wrongLoginsPerAccountPerHour: 5 },
      inTurn: (check) =>
        take(async () => {
          mostAtOnce = Math.max(mostAtOnce, ++checking);
          return check().finally(() => checking--);
        }),
      clock: () => new Date(now),
      forbidden: async () => false,
      accepts: () => true,
      store: async () => ({ id: 'm1' }),
      log: logged.log,
    });
    ({ port } = await server.listen());
  });
  afterEach(() => server.close());

  /** What the server answers to AUTH; 'in' for 235. */
  const logIn = async (user: string, pass: string, localAddress = OFFICE): Promise<string> => {
    const client = createTransport({
      ...{ host: OFFICE, port, localAddress, requireTLS: true },
      auth: { user, pass },
      tls: { rejectUnauthorized: false },
    });
    try {
      await client.verify();
      return 'in';
    } catch (error) {
      return (error as { response: string }).response;
    }
  };
  const guess = async (user: string, times: number, from: string): Promise<void> => {
    for (let tries = 0; tries < times; tries++) expect(await logIn(user, `no${tries}`, from)).to.equal(WRONG);
  };

  it('are not checked where one address was wrong too often, for whichever account, until the hour is over', async () => {
    await guess('sato', 2, ELSEWHERE);
    await guess('nobody', 1, ELSEWHERE);
    expect(await logIn('sato', 'himitsu', ELSEWHERE)).to.equal(TOO_MANY);
    expect(await logIn('nobody', 'himitsu', ELSEWHERE)).to.equal(TOO_MANY);
    expect(await logIn('sato', 'himitsu')).to.equal('in');
    expect(logged.lines.filter(({ msg }) => /too many of this address/.test(msg))).to.have.length(2);
    expect(logged.lines.find(({ msg }) => /too many/.test(msg))).to.deep.include({
      level: 40,
      ip: ELSEWHERE,
      account: 'sato',
    });
    now += HOUR_MS;
    expect(await logIn('sato', 'himitsu', ELSEWHERE)).to.equal('in');
  });

  it('are not checked where many addresses guessed at one account, but where its owner has logged in before', async () => {
    expect(await logIn('sato', 'himitsu')).to.equal('in');
    await guess('sato', 3, ELSEWHERE);
    await guess('sato', 2, FURTHER);
    expect(await logIn('sato', 'himitsu', FURTHER)).to.equal(TOO_MANY);
    expect(logged.lines.at(-1)).to.deep.include({ level: 40, ip: FURTHER, account: 'sato' });
    expect(await logIn('suzuki', 'himitsu', FURTHER)).to.equal('in');
    await guess('sato', 3, OFFICE);
    expect(await logIn('sato', 'himitsu')).to.equal(TOO_MANY);
  });

  it('answer a name without an account as one with it, and keep to themselves what was typed as one', async () => {
    await guess('hunter2', 3, ELSEWHERE);
    await guess('hunter2', 2, FURTHER);
    expect(await logIn('hunter2', 'x', FURTHER)).to.equal(TOO_MANY);
    expect(JSON.stringify(logged.lines)).to.not.include('hunter2');
  });

  it('are checked two at a time, and a colleague behind the same address is let in', async () => {
    expect(await logIn('suzuki', 'himitsu', ELSEWHERE)).to.equal('in');
    const answers = await Promise.all(Array.from({ length: 8 }, () => logIn('sato', 'no', ELSEWHERE)));
    expect(mostAtOnce).to.be.within(1, 2);
    // Those under way when the last of three was wrong are told so as well.
    expect(answers.filter((answer) => answer === WRONG).length).to.be.within(3, 4);
    expect(answers.filter((answer) => answer === TOO_MANY).length).to.be.within(4, 5);
    expect(await logIn('suzuki', 'himitsu', ELSEWHERE)).to.equal('in');
  });
});
