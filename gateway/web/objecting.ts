/** What a holder can do instead of consenting: decline, wish for a contract on paper, ask the initiator (R0, R29). */
import type { FastifyInstance } from 'fastify';
import { declinedPage, questionSentPage } from '../../templates/index.ts';
import { type ConsentPages, type LinkRoute, textIn } from './consent-link.ts';
import { linkPath, type StepLink } from './consent-params.ts';
import type { WebOptions } from './options.ts';

export function objectingRoutes(
  server: FastifyInstance,
  options: WebOptions,
  { stateOf, whenPressed, show, afterAction }: ConsentPages,
): void {
  const { desk } = options;

  const declined = ({ contract, step: { role } }: StepLink, paper: boolean): string => {
    const { base } = options.municipalityOf(contract.municipality);
    return declinedPage({ ...base, role, title: contract.title, paper });
  };

  server.post<LinkRoute>(
    '/:secret/decline',
    { bodyLimit: options.maxConsentOctets },
    whenPressed(async (link, { body }, reply) => {
      const reason = textIn(body, 'reason');
      if (stateOf(link) === 'open' && [...reason].length > options.declineCharacters) {
        return show(link, reply, { form: 'decline', text: reason, fault: 'too-long' });
      }
      const result = await desk.decline(link, reason || null);
      return afterAction(link, result, reply, () => declined(link, false));
    }),
  );

  server.post<LinkRoute>(
    '/:secret/paper',
    whenPressed(async (link, _, reply) => {
      // What the municipality's own approver has against it is a 差戻し.
      if (link.step.role === 'approver') return show(link, reply);
      const result = await desk.decline(link, null, true);
      return afterAction(link, result, reply, () => declined(link, true));
    }),
  );

  server.post<LinkRoute>(
    '/:secret/question',
    { bodyLimit: options.maxConsentOctets },
    whenPressed(async (link, { body }, reply) => {
      const text = textIn(body, 'question');
      if (text === '') return show(link, reply, { form: 'question', text, fault: 'empty' });
      if ([...text].length > options.questionCharacters) {
        return show(link, reply, { form: 'question', text, fault: 'too-long' });
      }
      const { contract, row, step } = link;
      const result = await desk.ask(link, text);
      if ('refused' in result && result.refused === 'too-many-questions') {
        return show(link, reply, { form: 'question', text, fault: 'too-many' });
      }
      const { base } = options.municipalityOf(contract.municipality);
      const sent = { question: text, address: step.person.address, title: contract.title };
      return afterAction(link, result, reply, () =>
        questionSentPage({ ...base, ...sent, base: linkPath(row.id, options) }),
      );
    }),
  );
}
