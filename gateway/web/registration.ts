/** /r/{secret}: 「受信を確認する」 (R11) and 希望確認 (R0). GET only shows: mail scanners follow links; only POST counts. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import {
  DECLARATION_VERSION,
  type PageFrame,
  PIN,
  PIN_AGAIN,
  type PinFault,
  preferencePage,
  type RegistrationPageParams,
  type RegistrationState,
  registrationPage,
  registrationStatePage,
} from '../../templates/index.ts';
import type { OpenedRegistration, RegistrationDesk } from '../app/registration-desk.ts';
import { signatoryOf } from '../app/registration-facts.ts';
import { chosenPin } from '../app/signing-pin.ts';
import { notFoundPage, sendPage, type WebMunicipality } from './pages.ts';

export interface RegistrationRouteOptions {
  readonly registrations: RegistrationDesk;
  readonly municipalityOf: (id: string) => WebMunicipality;
  readonly frame: PageFrame;
}

interface LinkRoute {
  Params: { secret: string };
  /** Whatever a client may post. */
  Body: Readonly<Record<string, unknown>> | undefined;
}

interface Wrong {
  readonly ticked?: RegistrationPageParams['ticked'];
  readonly incomplete?: boolean;
  readonly fault?: PinFault | null;
}

const NOTHING_TICKED = { electronic: false, deemed: false };

const STATUS: Partial<Record<RegistrationState, number>> = {
  ended: 410,
  'link-expired': 410,
  'too-many-links': 429,
  'wish-answered': 409,
};

export async function registrationRoutes(
  server: FastifyInstance,
  options: RegistrationRouteOptions,
): Promise<void> {
  const { registrations: desk, municipalityOf } = options;

  const opened = async (secret: string, reply: FastifyReply): Promise<OpenedRegistration | undefined> => {
    const link = await desk.open(secret);
    if (!link) await sendPage(reply, 404, notFoundPage(options.frame));
    return link;
  };
  const show = (
    { registration, row }: OpenedRegistration,
    secret: string,
    reply: FastifyReply,
    state: RegistrationState,
  ): FastifyReply => {
    const { base } = municipalityOf(registration.municipality);
    const fresh = state === 'link-expired' && row.kind === 'confirmation';
    const page = registrationStatePage({ ...base, state, freshLink: fresh ? `/r/${secret}/link` : null });
    return sendPage(reply, STATUS[state] ?? 200, page);
  };
  const ask = (
    link: OpenedRegistration,
    secret: string,
    reply: FastifyReply,
    { ticked = NOTHING_TICKED, incomplete = false, fault = null }: Wrong = {},
  ): FastifyReply => {
    const { registration, row } = link;
    const { base: shared } = municipalityOf(registration.municipality);
    const base = `/r/${secret}`;
    const person = signatoryOf(registration);
    if (row.kind === 'preference') {
      return sendPage(reply, 200, preferencePage({ ...shared, base, person, title: desk.titleOf(row) }));
    }
    const { receipt_number: receiptNumber, title, model } = registration;
    const about = { receiptNumber, title: model === 'standing' ? null : title };
    const pin = { required: desk.needsPin(link), fault };
    const page = registrationPage({ ...shared, base, person, ...about, ticked, incomplete, pin });
    return sendPage(reply, incomplete || fault !== null ? 422 : 200, page);
  };

  server.get<LinkRoute>('/:secret', async ({ params: { secret } }, reply) => {
    const link = await opened(secret, reply);
    if (!link) return reply;
    const state = desk.stateOf(link);
    return state === 'open' ? ask(link, secret, reply) : show(link, secret, reply, state);
  });

  server.post<LinkRoute>('/:secret/confirm', async ({ params: { secret }, body }, reply) => {
    const link = await opened(secret, reply);
    if (!link) return reply;
    const state = desk.stateOf(link);
    if (state !== 'open') return show(link, secret, reply, state);
    if (link.row.kind !== 'confirmation') return ask(link, secret, reply);
    // What was ticked is the version that was shown.
    const electronic = body?.electronic === DECLARATION_VERSION;
    const deemed = body?.deemed === DECLARATION_VERSION;
    const incomplete = !electronic || !deemed;
    const chosen = chosenPin(textOf(body?.[PIN]), textOf(body?.[PIN_AGAIN]), desk.needsPin(link));
    const fault = 'fault' in chosen ? chosen.fault : null;
    if (incomplete || 'fault' in chosen) {
      return ask(link, secret, reply, { ticked: { electronic, deemed }, incomplete, fault });
    }
    return show(link, secret, reply, await desk.confirm(link, chosen.pin));
  });

  server.post<LinkRoute>('/:secret/wish', async ({ params: { secret }, body }, reply) => {
    const link = await opened(secret, reply);
    if (!link) return reply;
    const state = desk.stateOf(link);
    if (state !== 'open') return show(link, secret, reply, state);
    const wish = body?.wish;
    if (link.row.kind !== 'preference' || (wish !== 'electronic' && wish !== 'paper')) {
      return ask(link, secret, reply);
    }
    const recorded = (await desk.wish(link, wish)) === 'recorded';
    return show(link, secret, reply, recorded ? `wish-${wish}` : 'wish-answered');
  });

  server.post<LinkRoute>('/:secret/link', async ({ params: { secret } }, reply) => {
    const link = await opened(secret, reply);
    if (!link) return reply;
    const state = desk.stateOf(link);
    if (state !== 'link-expired' || link.row.kind !== 'confirmation') {
      return state === 'open' ? ask(link, secret, reply) : show(link, secret, reply, state);
    }
    return show(link, secret, reply, (await desk.requestLink(link)) ? 'link-sent' : 'too-many-links');
  });
}

function textOf(posted: unknown): string {
  return typeof posted === 'string' ? posted : '';
}
