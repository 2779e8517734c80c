/** Names under which the executed files are filed, so that date, counterparty and amount can be searched for (R50). */
import { CERTIFICATE_TITLE, COPY_MARK } from '../../templates/index.ts';
import { type Contract, type ParticipantId, personOf } from '../contract/contract.ts';
import { safeFileName } from '../mail/file-name.ts';
import { type Placeholder, piecesOf } from '../mail/file-name-pattern.ts';

/** How a municipality wants its executed files to be named. */
export interface Naming {
  readonly name: string;
  /** As patternProblem() finds nothing wrong with it. */
  readonly fileNamePattern: string;
}

export interface FilingNames {
  /** One a document, in their order. */
  readonly documents: readonly string[];
  readonly certificate: string;
  readonly zip: string;
  /** Of the file for printing. */
  readonly print: string;
}

/** Together with the extension below what every file system takes (255 octets), and what safeFileName() keeps. */
const STEM = { octets: 160, characters: 68 };
const DOCUMENT = { octets: 80, characters: 40 };

const WINDOWS_FORBIDS = '\\/:*?"<>|';
const LOOKS_THE_SAME = [...'＼／：＊？”＜＞｜'];

/** A value that a contract does not have is left out with the separator after it. */
export function filingNames(contract: Contract, recipient: ParticipantId, municipality: Naming): FilingNames {
  const { documents, number } = contract;
  const stem = within(fill(municipality, contract, recipient) || number, STEM);
  const named = (part: string | null, extension: string): string =>
    safeFileName(`${part === null ? stem : `${stem}_${part}`}${extension}`, `${number}${extension}`);
  const parts = apart(documents.map(({ name }) => within(name, DOCUMENT)));
  return {
    documents: parts.map((part) => named(parts.length === 1 ? null : part, '.pdf')),
    certificate: named(CERTIFICATE_TITLE, '.pdf'),
    zip: named(null, '.zip'),
    print: named(COPY_MARK, '.pdf'),
  };
}

function fill({ name, fileNamePattern }: Naming, contract: Contract, recipient: ParticipantId): string {
  const { contractDate, terms, title, number } = contract;
  const counterparty = counterpartyOf(contract);
  const step = contract.steps.find(({ participant }) => participant === recipient);
  const company = personOf(contract, recipient)?.company ?? null;
  const ofVendor = step ? step.role !== 'approver' : company !== null;
  const values: Record<Placeholder, string | null> = {
    契約日: contractDate?.replaceAll('-', '') ?? null,
    相手方または自治体: ofVendor ? name : counterparty,
    相手方: counterparty,
    自治体: name,
    金額: terms.amountYen?.toString() ?? null,
    件名: title,
    受付番号: number,
    契約番号: terms.contractNumber,
  };
  const pieces = piecesOf(fileNamePattern);
  const filled = pieces.map((piece, at) => {
    if (at % 2 === 1) return values[piece as Placeholder] ?? '';
    return at > 0 && !values[pieces[at - 1] as Placeholder] ? '' : piece;
  });
  return filled.join('').replace(/[_\-\s]+$/, '');
}

function counterpartyOf({ steps }: Contract): string | null {
  const signatories = steps.filter(({ role }) => role === 'signatory').map(({ person }) => person);
  const names = [...new Set(signatories.map(({ company, name }) => company ?? name))];
  return names.length > 1 ? `${names[0]}ほか` : (names[0] ?? null);
}

/** As much as fits, in characters that Windows takes. */
function within(text: string, limit: { octets: number; characters: number }): string {
  let kept = '';
  let room = limit.octets;
  for (const character of [...text].slice(0, limit.characters)) {
    const place = WINDOWS_FORBIDS.indexOf(character);
    const harmless = place < 0 ? character : LOOKS_THE_SAME[place]!;
    room -= Buffer.byteLength(harmless);
    if (room < 0) break;
    kept += harmless;
  }
  return kept;
}

/** Names that were cut to the same are counted: 図面, 図面 (2). */
function apart(names: readonly string[]): string[] {
  return names.map((name, at) => {
    const same = names.slice(0, at).filter((other) => other === name).length;
    return same === 0 ? name : `${name} (${same + 1})`;
  });
}
