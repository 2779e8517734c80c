/** The file for printing is made in memory: one link gets one at a time, and who has gone away gets none. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { get, type ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { ConsentDesk, OpenedLink } from '../../gateway/app/consent-desk.ts';
import type { PrintDesk } from '../../gateway/app/print-desk.ts';
import type { RegistrationDesk } from '../../gateway/app/registration-desk.ts';
import { createLog } from '../../gateway/log.ts';
import { type RunningWebServer, startWebServer } from '../../gateway/web/server.ts';
import { statePageSample } from '../../templates/index.ts';

const { municipality, desks } = statePageSample;
const fail = (): never => expect.fail('not called for here');
type Made = Awaited<ReturnType<PrintDesk['make']>>;

/** A concluded contract, as far as this page looks at it. */
function linkOf(id: string): OpenedLink {
  const contract = {
    ...{ id: 'contract-1', state: 'concluded', municipality: 'mihon', title: '庁舎清掃業務委託' },
    ...{
      number: '2026-0001',
      contractDate: '2026-12-01',
      terms: { amountYen: null },
      steps: [],
      documents: [],
    },
    ...{ initiator: { company: null }, auditors: [], recipients: [], participants: [] },
  };
  return { contract, row: { id, participant: 'initiator' } } as unknown as OpenedLink;
}

describe('the making of a file for printing', () => {
  let server: RunningWebServer;
  /** Ends the makings that go on, in the order in which they began. */
  let going: ((made: Made) => void)[];
  let began: () => void;
  /** Every link is opened after it. */
  let opening: Promise<void>;
  let url: string;

  beforeEach(async () => {
    going = [];
    began = () => {};
    opening = Promise.resolve();
    server = await startWebServer({
      ...{ host: '127.0.0.1', port: 0, publicUrl: 'https://keiyaku.mihon.example.jp', trustProxy: false },
      ...{ rateLimitPerMinute: 1000, postsPerLinkPerMinute: 5, freshLinksPerAddressPerHour: 3 },
      ...{ faces: [], staffNetworks: new Map(), tls: null },
      ...{ headersSeconds: 20, requestSeconds: 60, idleSeconds: 60, closeSeconds: 5 },
      ...{ maxBodyOctets: 65_536, maxConsentOctets: 524_288, readsAtOnce: 4, retryAfterSeconds: 5 },
      desk: {
        open: async (_: string, secret: string) => {
          await opening;
          return linkOf(secret);
        },
        isExpired: () => false,
        noteDownload: async () => {},
      } as unknown as ConsentDesk,
      print: {
        allows: () => true,
        make: () =>
          new Promise<Made>((resolve) => {
            going.push(resolve);
            began();
          }),
      },
      registrations: { open: async () => undefined } as unknown as RegistrationDesk,
      feed: { forms: [], maxOctets: 1000, take: fail, toldRows: fail, wake: fail, log: createLog('silent') },
      municipalityOf: () => named,
      frame: named.base,
      ...{
        downloadDays: 14,
        takeBackAllowed: true,
        declineCharacters: 1000,
        questionCharacters: 2000,
        showOtherSignatories: 'none' as const,
      },
      clock: () => new Date(),
      log: createLog('silent'),
    });
    url = `http://127.0.0.1:${server.port}/d`;
  });
  afterEach(() => server.close());

  const named = {
    base: { municipality: municipality!, desks: desks!, testAuthority: true },
    ...{ signedBy: '見本市', fileNamePattern: '{件名}', verificationAddress: null, nameHolder: '見本市長' },
  };
  const nextBegins = (): Promise<void> =>
    new Promise((resolve) => {
      began = resolve;
    });
  const MADE: Made = { ok: true, bytes: Buffer.from('%PDF-1.7') };

  it('answers 503 to a link that has one coming, and serves it again afterwards', async () => {
    const beginning = nextBegins();
    const first = fetch(`${url}/one/print.pdf`);
    await beginning;
    const second = await fetch(`${url}/one/print.pdf`);
    expect(second.status).to.equal(503);
    expect(await second.text()).to.include('数分待ってから、画面を読み込み直してください。');
    going[0]!(MADE);
    expect(await (await first).text()).to.equal('%PDF-1.7');
    const again = nextBegins();
    const third = fetch(`${url}/one/print.pdf`);
    await again;
    going[1]!(MADE);
    expect((await third).status).to.equal(200);
  });

  it('lets other links wait for their turn, and makes none for who has gone away', async () => {
    const beginning = nextBegins();
    const first = fetch(`${url}/one/print.pdf`);
    await beginning;
    const status = async (): Promise<number> =>
      (await fetch(`${url}/two/print.pdf`, { method: 'HEAD' })).status;
    const impatient = get(`${url}/two/print.pdf`);
    impatient.on('error', () => {});
    while ((await status()) !== 503);
    impatient.destroy();
    while ((await status()) !== 200);
    const next = nextBegins();
    const patient = fetch(`${url}/three/print.pdf`);
    going[0]!(MADE);
    expect((await first).status).to.equal(200);
    await next;
    going[1]!(MADE);
    expect((await patient).status).to.equal(200);
    expect(going).to.have.length(2);
  });

  it('is not waited for by a link whose visitor has gone before it was opened', async () => {
    let open = (): void => {};
    opening = new Promise((resolve) => {
      open = resolve;
    });
    const answered = new Promise<ServerResponse>((resolve) => {
      const channel = 'http.server.request.start';
      const started = (message: unknown): void => {
        unsubscribe(channel, started);
        resolve((message as { response: ServerResponse }).response);
      };
      subscribe(channel, started);
    });
    const impatient = get(`${url}/one/print.pdf`).on('error', () => {});
    const answer = await answered;
    const gone = once(answer, 'close');
    impatient.destroy();
    await gone;
    open();
    const next = nextBegins();
    const patient = fetch(`${url}/one/print.pdf`);
    const begun = await Promise.race([next, patient.then(({ status }) => status)]);
    expect(begun, 'busy').to.equal(undefined);
    going[0]!(MADE);
    expect((await patient).status).to.equal(200);
  });
});
