/** 「検索」 and 「一覧」 (R50): what staff ask for, and the contracts that answer it; what they say is encrypted, so each is opened and looked into. */
import { contractsToSearch } from '../../storage/contracts.ts';
import type { Tx } from '../../storage/database.ts';
import { type FoundContract, foundHeader, foundRow } from '../../templates/index.ts';
import type { Contract } from '../contract/contract.ts';
import type { Interpretation } from '../mail/interpret.ts';
import { mayDo } from '../mail/rights.ts';
import { NO_CONDITIONS, readSearch, type SearchConditions, type Span } from '../mail/search-mail.ts';
import { foldCompany } from '../registration/names.ts';
import { csvOf } from '../registration/write.ts';
import type { ContractStore } from './contract-store.ts';
import type { Reaction, ReceivedMail } from './received-mail.ts';

export interface SearchLimits {
  /** Contracts that are looked into, newest first, of those that the asker may see. */
  readonly contracts: number;
  /** Contracts that the answer's text lists. */
  readonly listed: number;
}

export interface Found {
  readonly contracts: readonly Contract[];
  /** Whether there are contracts that were not looked into. */
  readonly cut: boolean;
}

/** Auditors and operators read the whole municipality, everybody else the contracts they take part in. */
export function askedSearch(
  { sender, municipality: { staff } }: ReceivedMail,
  { word, argument, lines }: Extract<Interpretation, { type: 'word' }>,
): Reaction {
  const { conditions, unread } =
    word === 'search' ? readSearch(argument, lines) : { conditions: NO_CONDITIONS, unread: [] };
  if (unread.length > 0) {
    const problems = unread.map((line) => ({ code: 'bad-search', args: { line } }));
    return async () => ({ status: 'refused', answer: { type: 'refused', problems }, why: 'bad-search' });
  }
  const whole = mayDo(sender, 'auditor', staff) || mayDo(sender, 'operator', staff);
  return async () => ({
    status: 'handled',
    answer: { type: 'found', conditions, whole },
    why: whole ? 'search of the municipality' : 'search of own contracts',
  });
}

/** Newest first; `of` is the one whose contracts are searched, null for everybody's. */
export async function searchContracts(
  tx: Tx,
  store: ContractStore,
  municipality: string,
  { conditions, of }: { readonly conditions: SearchConditions; readonly of: string | null },
  limit: number,
): Promise<Found> {
  // Whose a contract is stands inside it: the bound is on one's own contracts, however many lie between them.
  const ids = await contractsToSearch(tx, municipality, conditions.date, of === null ? limit + 1 : null);
  const contracts: Contract[] = [];
  let looked = 0;
  for (const id of ids) {
    const loaded = await store.load(tx, id);
    if (!loaded || (of !== null && !takesPart(loaded.contract, of))) continue;
    if (looked === limit) return { contracts, cut: true };
    looked += 1;
    if (fits(loaded.contract, conditions)) contracts.push(loaded.contract);
  }
  return { contracts, cut: false };
}

/** For a spreadsheet; cells that would run as formulas are neutralised. */
export function foundCsv(found: readonly FoundContract[]): Buffer {
  return Buffer.from(csvOf([foundHeader, ...found.map(foundRow)]));
}

/** Of the staff: initiator and approvers. */
function takesPart({ initiator, steps }: Contract, address: string): boolean {
  return (
    initiator.address === address ||
    steps.some(({ role, person }) => role === 'approver' && person.address === address)
  );
}

function fits(contract: Contract, { date, counterparty, amount }: SearchConditions): boolean {
  return (
    within(contract.contractDate, date) &&
    within(contract.terms.amountYen, amount) &&
    names(contract, counterparty)
  );
}

function within<Value extends string | number>(
  value: Value | null,
  sought: Span<Value> | 'blank' | null,
): boolean {
  if (sought === null) return true;
  if (sought === 'blank' || value === null) return sought === 'blank' && value === null;
  return (sought.from === null || value >= sought.from) && (sought.to === null || value <= sought.to);
}

/** Whether a company of the vendor's people has these words in it, or one of their names or addresses. */
function names({ steps }: Contract, sought: SearchConditions['counterparty']): boolean {
  if (sought === null) return true;
  const people = steps.flatMap(({ role, person }) => (role === 'approver' ? [] : [person]));
  if (sought === 'blank') return people.every(({ company }) => !company);
  const wanted = foldCompany(sought.contains);
  return people.some(
    ({ company, name, address }) =>
      [company ?? '', name].some((one) => foldCompany(one).includes(wanted)) ||
      address === sought.contains.toLowerCase(),
  );
}
