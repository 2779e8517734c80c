/** Looks up what 「検索」 asked for when it is answered, with the CSV of all that was found (R50). */
import type { AnswerContent } from '../app/answers.ts';
import { foundCsv, searchContracts } from '../app/search-contracts.ts';
import { type FoundContracts, foundFact } from '../mail/compose-found.ts';
import type { OutgoingMail } from '../mail/deliver.ts';
import type { MailingDependencies } from './mailing.ts';

const CSV_NAME = '検索の結果.csv';

export interface Searched {
  readonly found: FoundContracts;
  readonly attachments: NonNullable<OutgoingMail['attachments']>;
}

export async function lookUp(
  { database, store, settings, log }: MailingDependencies,
  municipality: string,
  sender: string,
  { conditions, whole }: Extract<AnswerContent, { type: 'found' }>,
): Promise<Searched> {
  const { contracts: limit, listed } = settings.search;
  const asked = { conditions, of: whole ? null : sender };
  const { contracts, cut } = await searchContracts(database.knex, store, municipality, asked, limit);
  if (cut) log.warn({ municipality, limit }, 'search was cut: there are more contracts than it looks into');
  const found = contracts.map(foundFact);
  const content = foundCsv(found);
  const fileName = found.length === 0 ? null : CSV_NAME;
  return {
    found: { conditions, whole, found, listed, cutAt: cut ? limit : null, fileName },
    attachments: fileName === null ? [] : [{ fileName, content, contentType: 'text/csv; charset=utf-8' }],
  };
}
