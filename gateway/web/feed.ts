/** POST /feed/{form}: a form system hands its CSV over (R1), proven by the form's bearer secret (RFC 6750 2.1). JSON both ways of failing and succeeding. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { FeedRunRow } from '../app/registration-types.ts';
import type { TakeFeed } from '../app/take-feed.ts';
import { isTransient } from '../app/transient.ts';

/** A form that may be posted to. */
export interface PostedForm {
  readonly municipality: string;
  readonly form: string;
  readonly secret: string;
}

export interface FeedRouteOptions {
  readonly forms: readonly PostedForm[];
  readonly maxOctets: number;
  readonly take: TakeFeed;
  /** Refused and pending rows of a run, as many as an answer has room for. */
  readonly toldRows: (run: string) => Promise<readonly FeedRunRow[]>;
  readonly wake: () => void;
  readonly log: Logger;
}

interface FeedRoute {
  Params: { form: string };
  Body: Buffer;
}

export async function feedRoutes(server: FastifyInstance, options: FeedRouteOptions): Promise<void> {
  const { forms, maxOctets, take, toldRows, wake, log } = options;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: maxOctets },
    async (_: unknown, body: Buffer) => body,
  );
  server.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const outage = isTransient(error);
    const status = error.statusCode ?? (outage ? 503 : 500);
    if (status >= 500) log.error({ err: error }, 'feed request failed');
    return reply.code(status).send({ error: ERRORS[status] ?? 'failed' });
  });

  server.post<FeedRoute>(
    '/:form',
    {
      bodyLimit: maxOctets,
      // Before a body is read: a stranger's is not taken at all.
      onRequest: async (request, reply) => {
        const named = forms.filter(
          ({ form }) => form.normalize('NFKC') === request.params.form.normalize('NFKC'),
        );
        if (named.length === 0) return reply.code(404).send({ error: ERRORS[404] });
        if (!formOf(named, request.headers.authorization)) {
          return reply.code(401).header('www-authenticate', 'Bearer').send({ error: ERRORS[401] });
        }
        return undefined;
      },
    },
    async (request, reply) => {
      const wanted = request.params.form.normalize('NFKC');
      const named = forms.filter(({ form }) => form.normalize('NFKC') === wanted);
      const { municipality, form } = formOf(named, request.headers.authorization)!;
      const source = request.body ?? Buffer.alloc(0);
      const reference = createHash('sha256').update(source).digest('hex');
      const run = await take({ municipality, form, origin: { way: 'post', reference }, source });
      wake();
      const rows = await toldRows(run.id);
      return reply.code(run.readable ? 200 : 422).send({
        run: run.id,
        readable: run.readable,
        counts: run.counts,
        rows: rows.map(({ line, fate, receiptNumber, reasons }) => ({ line, fate, receiptNumber, reasons })),
      });
    },
  );
}

const ERRORS: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  404: 'no such form',
  413: 'too large',
  429: 'too many requests',
  503: 'try again later',
};

/** Forms of several municipalities may share a name: the secret says whose is meant. Every one is compared, in constant time. */
function formOf(forms: readonly PostedForm[], authorization: string | undefined): PostedForm | undefined {
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return forms.filter(({ secret }) => timingSafeEqual(digest(secret), digest(given)))[0];
}
