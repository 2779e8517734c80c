/** What a link lets its holder see and do: the pages' side of the application. GET shows, only POST-borne calls act. */
import type { BlobReader, Blobs } from '../../storage/blobs/blobs.ts';
import { nextCount } from '../../storage/contracts.ts';
import type { Database, Tx } from '../../storage/database.ts';
import { noteDownload } from '../../storage/downloads.ts';
import { carryTries } from '../../storage/second-factors.ts';
import {
  findSecret,
  markFetched,
  markUsed,
  type SecretPurpose,
  type SecretRow,
} from '../../storage/secrets.ts';
import { linkFor } from '../contract/asking.ts';
import {
  type BoxProblem,
  type BoxProblemCode,
  type FilledBox,
  fillingProblems,
  fillingStep,
} from '../contract/boxes.ts';
import type { Command, Grant } from '../contract/commands.ts';
import { type Contract, type Factor, type Head, mayBeTakenBack, type Step } from '../contract/contract.ts';
import type { ContractDocument } from '../contract/documents.ts';
import { jstDate } from '../contract/jst.ts';
import { isRefusal, type Refusal, type RefusalCode, refuse } from '../contract/refusals.ts';
import type { ContractStore, LoadedContract } from './contract-store.ts';
import { type DeclarationRule, declaredBy, mustDeclare, type Ticked } from './declaring.ts';
import { openCertificate, openDocument, withDocument } from './documents.ts';
import type { CommandHandler } from './handle-command.ts';
import type { Registry } from './registration-types.ts';
import {
  checkFactor,
  type FactorPolicy,
  type FactorRules,
  type FactorVerdict,
  factorOf,
} from './second-factor.ts';
import type { Secrets } from './secrets.ts';

/** What of these values no font or no room in the document takes; signing's fillingFaults() satisfies it. */
export type FillingFaults = (
  source: BlobReader,
  values: readonly FilledBox[],
) => Promise<
  readonly { readonly name: string; readonly code: BoxProblemCode; readonly detail: string | null }[]
>;

export interface ConsentDeskDependencies {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly store: ContractStore;
  readonly commands: CommandHandler;
  readonly secrets: Secrets;
  readonly registry: Pick<Registry, 'pinHashOf'>;
  readonly settings: FactorRules & {
    readonly freshLinksPerDay: number;
    readonly questionsPerDay: number;
    readonly declaration: DeclarationRule;
  };
  readonly fillingFaults: FillingFaults;
  /** Whether a member of staff may consent for the municipality now (R53). */
  readonly mayApprove: (municipality: string, address: string) => boolean;
  readonly factorPolicyOf: (municipality: string) => FactorPolicy;
  readonly clock: () => Date;
  readonly wake: () => void;
}

/** A link that is ours, and the contract it opens. */
export interface OpenedLink extends LoadedContract {
  readonly row: SecretRow;
  readonly grant: Grant;
  /** The holder's step, null for those who only receive the result. */
  readonly step: Step | null;
  /** The second factor that the holder's page asks for; null: none. */
  readonly factor: Factor | null;
}

/** What the page's client tells about itself; kept as evidence of a consent (R42). */
export interface Visitor {
  readonly ip: string;
  readonly userAgent: string | null;
}

export type ActionResult = { readonly contract: Contract } | { readonly refused: RefusalCode };

/** A consent can also fail because of what was put into the boxes, something not ticked, or the second factor. */
export type ConsentResult =
  | ActionResult
  | { readonly problems: readonly BoxProblem[] }
  | { readonly undeclared: true }
  | { readonly factor: Exclude<FactorVerdict, 'right'> };

/** What the holder of a consent link can do now. */
export type LinkState =
  | 'open'
  | 'consented'
  | 'voided'
  | 'not-your-turn'
  | 'expired'
  | 'declined'
  | 'withdrawn'
  | 'concluded';

export interface ConsentDesk {
  /** Undefined for anything that is not a secret of ours for this purpose. */
  open(purpose: SecretPurpose, secret: string): Promise<OpenedLink | undefined>;
  /** The secret of a link whose row is known: pages repeat their own path. */
  secretOf(purpose: SecretPurpose, id: string): string;
  consent(
    link: OpenedLink,
    heads: readonly Head[],
    filled: readonly FilledBox[],
    ticked: Ticked,
    factor: string,
    visitor: Visitor,
  ): Promise<ConsentResult>;
  /** Why the boxes cannot be filled so; empty when they can, and seals will not stumble over it later. */
  problems(link: OpenedLink, filled: readonly FilledBox[]): Promise<readonly BoxProblem[]>;
  /** Whether the holder's page asks for the declaration (R7, R7b). */
  mustDeclare(link: OpenedLink): boolean;
  /** `paper`: a contract on paper is wished for (R0). */
  decline(link: OpenedLink, reason: string | null, paper?: true): Promise<ActionResult>;
  /** Brings a question to the initiator; at most `questionsPerDay` a day and participant. */
  ask(link: OpenedLink, message: string): Promise<ActionResult>;
  /** A person has opened the link; counts once, and only while its holder is asked. True where it did. */
  noteOpened(link: OpenedLink): Promise<boolean>;
  takeBack(link: OpenedLink): Promise<ActionResult>;
  /** Which kind of fresh link the holder could have sent now; null where none. */
  freshLink(link: OpenedLink): 'consent' | 'download' | null;
  /** Mails a fresh link to the participant's own address; at most `freshLinksPerDay` a day and participant. */
  requestLink(link: OpenedLink): Promise<ActionResult>;
  /** The document as it stands; the caller closes the reader. */
  read(link: OpenedLink, document: ContractDocument): Promise<BlobReader>;
  /** The certificate of a concluded contract; the caller closes the reader. */
  readCertificate(link: OpenedLink): Promise<BlobReader>;
  /** Notes who fetched `file` (a document's id, `certificate`, `all`), when and how often. */
  noteDownload(link: OpenedLink, file: string): Promise<void>;
  /** Whether a download link has run out (R36). */
  isExpired(link: OpenedLink): boolean;
}

export function consentDesk(dependencies: ConsentDeskDependencies): ConsentDesk {
  const { database, blobs, store, commands, secrets, settings, clock } = dependencies;

  const act = async (
    link: OpenedLink,
    command: Command,
    settle?: (tx: Tx, contract: Contract) => Promise<void>,
    mayAct: (tx: Tx) => Promise<Refusal | null> = async () => null,
  ): Promise<ActionResult> => {
    const now = clock().toISOString();
    const result = await database.transaction(async (tx) => {
      const held = await mayAct(tx);
      if (held) return held;
      const handled = await commands.handle(tx, link.contract.id, command, now);
      if (!isRefusal(handled)) await settle?.(tx, handled.contract);
      return handled;
    });
    dependencies.wake();
    return isRefusal(result) ? { refused: result.code } : { contract: result.contract };
  };

  const problems = async (
    { contract, owner, step }: OpenedLink,
    filled: readonly FilledBox[],
  ): Promise<readonly BoxProblem[]> => {
    const due = step !== null && step.consent === null && contract.steps[contract.step] === step;
    if (!due || !fillsBoxes(contract, step)) return [];
    const wrong = fillingProblems(contract.documents, filled);
    if (wrong.length > 0) return wrong;
    const faults: BoxProblem[] = [];
    for (const document of contract.documents.filter(({ boxes }) => boxes.length > 0)) {
      const values = filled.filter((box) => box.document === document.id);
      const found = await withDocument(blobs, owner, document, (source) =>
        dependencies.fillingFaults(source, values),
      );
      faults.push(...found.map((fault) => ({ ...fault, document: document.id })));
    }
    return faults;
  };

  return {
    async open(purpose, secret) {
      const id = secrets.open(purpose, secret);
      const row = id === undefined ? undefined : await findSecret(database.knex, id);
      const loaded = row && (await store.load(database.knex, row.contract));
      if (!row || !loaded) return undefined;
      const grant = { participant: row.participant, generation: row.generation };
      const step = loaded.contract.steps.find(({ participant }) => participant === row.participant) ?? null;
      const policy = dependencies.factorPolicyOf(row.municipality);
      const factor = step && (await factorOf(dependencies, loaded.contract, step, policy));
      return { ...loaded, row, grant, step, factor };
    },
    secretOf: (purpose, id) => secrets.textOf(purpose, id),
    problems,
    async consent(link, heads, filled, ticked, entered, visitor) {
      const { step, contract } = link;
      // Rights may have been taken since the contract was mailed in.
      if (step?.role === 'approver' && !dependencies.mayApprove(contract.municipality, step.person.address)) {
        return { refused: 'not-approver' };
      }
      const found = await problems(link, filled);
      if (found.length > 0) return { problems: found };
      const at = clock().toISOString();
      const declared = link.step && declaredBy(link.step, ticked, settings.declaration, at);
      if (!declared) return { undeclared: true };
      const { factor } = link;
      // A link that does not serve tells nobody whether a code is right.
      if (factor !== null && linkState(link, at) === 'open') {
        const policy = dependencies.factorPolicyOf(link.contract.municipality);
        const verdict = await checkFactor(dependencies, link.contract, link.step!, policy, entered, at);
        if (verdict === 'locked') dependencies.wake();
        if (verdict !== 'right') return { factor: verdict };
      }
      const proof = { means: 'page', ...visitor, message: null, authentication: null, declared } as const;
      const evidence = factor === null ? proof : { ...proof, factor };
      return act(link, { type: 'consent', grant: link.grant, at, heads, filled, evidence }, (tx) =>
        markUsed(tx, link.row.id, at),
      );
    },
    mustDeclare: ({ step }) => step !== null && mustDeclare(step, settings.declaration),
    decline: (link, reason, paper) =>
      act(link, { type: 'decline', grant: link.grant, reason, ...(paper ? { paper } : {}) }, (tx) =>
        markUsed(tx, link.row.id, clock().toISOString()),
      ),
    ask: (link, message) => {
      const { id, municipality } = link.contract;
      const counter = `question-${jstDate(clock())}-${id}-${link.row.participant}`;
      return act(link, { type: 'ask', grant: link.grant, message }, undefined, async (tx) =>
        (await nextCount(tx, municipality, counter)) > settings.questionsPerDay
          ? refuse('too-many-questions')
          : null,
      );
    },
    async noteOpened(link) {
      if (link.step?.opened?.generation === link.grant.generation) return false;
      return 'contract' in (await act(link, { type: 'noteOpened', grant: link.grant }));
    },
    takeBack: (link) => act(link, { type: 'takeBack', grant: link.grant }),
    freshLink: ({ contract, row }) => {
      const link = linkFor(contract, row.participant, clock().toISOString());
      return link === 'consent' || link === 'download' ? link : null;
    },
    requestLink: (link) => {
      const { id, municipality } = link.contract;
      const { participant } = link.row;
      const counter = `fresh-link-${jstDate(clock())}-${id}-${participant}`;
      // Only staff give tries back, by 「再送」: who reads the holder's mail could have itself one link after the other.
      const goOnCounting = async (tx: Tx, { steps, step: current }: Contract): Promise<void> => {
        const step = steps[current];
        if (step?.participant !== participant) return;
        await carryTries(tx, { contract: id, participant, generation: step.generation });
      };
      return act(link, { type: 'requestLink', participant }, goOnCounting, async (tx) =>
        (await nextCount(tx, municipality, counter)) > settings.freshLinksPerDay
          ? refuse('too-many-links')
          : null,
      );
    },
    async read({ owner, row }, document) {
      // By a mail scanner, perhaps: whether a person opened the link, the history says.
      if (row.fetched_at === null) await markFetched(database.knex, row.id, clock().toISOString());
      return openDocument(blobs, owner, document);
    },
    readCertificate: ({ owner, contract }) => openCertificate(blobs, owner, contract.certificate!),
    noteDownload: ({ row: { id: secret, contract, participant } }, file) =>
      noteDownload(database.knex, { secret, file, contract, participant }, clock().toISOString()),
    isExpired: ({ row }) => row.expires_at !== null && row.expires_at <= clock().toISOString(),
  };
}

/** Whether the holder of this step is the one who fills in the documents' boxes (R27). */
export function fillsBoxes({ steps, documents }: Contract, step: Step): boolean {
  return steps[fillingStep(steps)] === step && documents.some(({ boxes }) => boxes.length > 0);
}

/** What to show the holder of a consent link at `now` (ISO UTC). */
export function linkState({ contract, step, grant }: OpenedLink, now: string): LinkState {
  if (contract.state === 'declined' || contract.state === 'withdrawn' || contract.state === 'expired') {
    return contract.state;
  }
  if (!step || step.generation !== grant.generation) return 'voided';
  if (contract.state === 'concluded') return 'concluded';
  if (step.consent) return 'consented';
  if (contract.steps[contract.step] !== step) return 'not-your-turn';
  return now >= contract.expiresAt ? 'expired' : 'open';
}

/** Whether the holder's consent could be taken back right now (R29). */
export function canTakeBack({ contract, step }: OpenedLink): boolean {
  return step !== null && mayBeTakenBack(contract, contract.steps.indexOf(step));
}
