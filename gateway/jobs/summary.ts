/** On working mornings each member of staff is mailed what is in their hands; nothing where nothing is. */
import { contractsInHand } from '../../storage/contracts.ts';
import type { Tx } from '../../storage/database.ts';
import { ensure } from '../../storage/outbox.ts';
import { type SummarySection, summary } from '../../templates/index.ts';
import type { Contract } from '../contract/contract.ts';
import { addDays, jstDate, jstInstant, workingDay } from '../contract/jst.ts';
import { mailBase } from '../mail/compose-input.ts';
import { addressing } from './mail-secrets.ts';
import { deliver, type MailingDependencies } from './mailing.ts';
import type { Performer } from './performer.ts';
import { concernedBy, type Morning, summaryItem } from './summary-facts.ts';

export interface SummaryDependencies extends MailingDependencies {
  /** HH:MM in Japan; null: never. */
  readonly summaryAt: string | null;
  readonly summaryDueDays: number;
  /** Contracts under one heading. */
  readonly summaryListed: number;
}

/** `by` names a contract in which the recipient has this part: addresses do not belong into the outbox. */
interface MailPayload {
  readonly day: string;
  readonly contracts: readonly string[];
  readonly by: { readonly contract: string; readonly nth: number };
}

/** Notes the municipality's next summary: on the first working day whose hour has not come yet at `now`. */
export async function scheduleSummary(
  tx: Tx,
  { summaryAt, isDayOff }: Pick<SummaryDependencies, 'summaryAt' | 'isDayOff'>,
  municipality: string,
  now: string,
): Promise<void> {
  if (summaryAt === null) return;
  let day = jstDate(now);
  while (isDayOff(day) || jstInstant(day, summaryAt) <= now) day = addDays(day, 1);
  const payload = JSON.stringify({ day });
  const entry = { key: `summary:${municipality}:${day}`, type: 'summary', payload, contract: null };
  await ensure(tx, { ...entry, municipality, notBefore: jstInstant(day, summaryAt) }, now);
}

export function summaryPerformers(
  dependencies: SummaryDependencies,
): Record<'summary' | 'summary-mail', Performer> {
  const { log } = dependencies;
  return {
    summary: async (entry, now) => {
      const { day }: { day: string } = JSON.parse(entry.payload);
      const { municipality } = entry;
      // After an outage of days, yesterday's morning is nobody's any more.
      const mails = day === jstDate(now) ? await mailsOf(dependencies, municipality, day) : [];
      log.info({ municipality, day, mails: mails.length }, 'morning summary');
      return async (tx, settledAt) => {
        for (const [index, mail] of mails.entries()) {
          const key = `${entry.key}:${index}`;
          const of = { municipality, type: 'summary-mail', contract: null, notBefore: settledAt };
          await ensure(tx, { ...of, key, payload: JSON.stringify(mail) }, settledAt);
        }
        await scheduleSummary(tx, dependencies, municipality, settledAt);
      };
    },
    'summary-mail': async (entry, now) => {
      const { day, contracts: ids, by }: MailPayload = JSON.parse(entry.payload);
      const contracts = await load(dependencies, ids);
      const address = concernedBy(contracts.find(({ id }) => id === by.contract)!)[by.nth];
      // The contract went on meanwhile: it is told of in mails of its own.
      if (address === undefined) return async () => {};
      const sections = new Map<SummarySection, ReturnType<typeof itemsOf>>();
      for (const section of ['toApprove', 'undelivered', 'due', 'drafts', 'waiting', 'concluded'] as const) {
        const items = itemsOf(contracts, address, morningOf(dependencies, day), section);
        if (items.length > 0) sections.set(section, items);
      }
      if (sections.size === 0) return async () => {};
      const municipality = dependencies.municipalityOf(entry.municipality);
      const name = contracts.find(({ initiator }) => initiator.address === address)?.initiator.name;
      const content = summary({
        ...mailBase(municipality, dependencies.settings.testAuthority),
        recipient: { organisation: null, title: null, name: name ?? nameOf(contracts, address), address },
        day,
        listed: dependencies.summaryListed,
        sections: [...sections].map(([section, items]) => ({ section, items })),
      });
      await deliver(dependencies, entry, now, {
        ...addressing(municipality, entry.key, null),
        to: { name: '', address },
        inReplyTo: null,
        references: [],
        autoSubmitted: 'auto-generated',
        ...dependencies.render(content),
        attachments: [],
      });
      return async () => {};
    },
  };
}

async function mailsOf(
  dependencies: SummaryDependencies,
  municipality: string,
  day: string,
): Promise<MailPayload[]> {
  const morning = morningOf(dependencies, day);
  const ids = await contractsInHand(dependencies.database.knex, municipality, morning.since);
  const mails = new Map<string, { contracts: string[]; by: MailPayload['by'] }>();
  for (const contract of await load(dependencies, ids)) {
    for (const [nth, address] of concernedBy(contract).entries()) {
      if (summaryItem(contract, address, morning) === null) continue;
      const mail = mails.get(address) ?? { contracts: [], by: { contract: contract.id, nth } };
      mail.contracts.push(contract.id);
      mails.set(address, mail);
    }
  }
  return [...mails.values()].map((mail) => ({ day, ...mail }));
}

/** Since the last working morning: after a weekend Friday's contracts are news as well. */
function morningOf({ isDayOff, summaryDueDays }: SummaryDependencies, today: string): Morning {
  const last = workingDay(addDays(today, -1), isDayOff, -1);
  return { today, since: jstInstant(last, '00:00'), dueDays: summaryDueDays };
}

function itemsOf(
  contracts: readonly Contract[],
  address: string,
  morning: Morning,
  section: SummarySection,
): NonNullable<ReturnType<typeof summaryItem>>['item'][] {
  return contracts.flatMap((contract) => {
    const found = summaryItem(contract, address, morning);
    return found?.section === section ? [found.item] : [];
  });
}

function nameOf(contracts: readonly Contract[], address: string): string | null {
  const people = contracts.flatMap(({ steps }) => steps.map(({ person }) => person));
  return people.find((person) => person.address === address)?.name ?? null;
}

async function load({ database, store }: SummaryDependencies, ids: readonly string[]): Promise<Contract[]> {
  const contracts: Contract[] = [];
  for (const id of ids) {
    const loaded = await store.load(database.knex, id);
    if (!loaded) throw new Error(`no contract ${id}`);
    contracts.push(loaded.contract);
  }
  return contracts;
}
