/** Replies as commands (decided 8): the secret says whom and what a word is about, the sender must be that person. */
import type { SecretRow } from '../../storage/secrets.ts';
import type { Command, Grant } from '../contract/commands.ts';
import { type Contract, mayComeAnew, type ParticipantId, personOf } from '../contract/contract.ts';
import { isRefusal } from '../contract/refusals.ts';
import { dateFault, readDate } from '../mail/dates.ts';
import { type Interpretation, sealedText } from '../mail/interpret.ts';
import { firstUnquotedLine } from '../mail/reply-text.ts';
import { AUDITOR, mayDo } from '../mail/rights.ts';
import type { WordName } from '../mail/words.ts';
import type { Problem } from './answers.ts';
import { hasComeAnew } from './came-anew.ts';
import { againstGoAhead, againstWord, cannotObey, isInitiatorsWord } from './cannot-obey.ts';
import { readAddressChange } from './change-address.ts';
import { contractReferredTo } from './contract-referred-to.ts';
import { correction, isDocument, saysCorrections } from './correct-draft.ts';
import { draftAnew } from './open-draft.ts';
import { overlong, reasonIn } from './reason.ts';
import type { Outcome, Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';
import { askedSearch } from './search-contracts.ts';

type WordMail = Extract<Interpretation, { type: 'word' }>;

/** Words that may be repeated in reply to a confirmation. */
const CONFIRMABLE = new Set<WordName>([
  'goAhead',
  'approve',
  'return',
  'withdraw',
  'resend',
  'extend',
  'changeAddress',
]);

export async function obey(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
  secret: SecretRow | undefined,
  word: WordMail,
): Promise<Reaction> {
  const { database, store } = dependencies;
  const reasonLimit = dependencies.settings.declineCharacters;
  if (word.word === 'search' || word.word === 'list') return askedSearch(mail, word);
  if (!secret) return withoutSecret(dependencies, mail, word);
  const loaded = await store.load(database.knex, secret.contract);
  if (!loaded) throw new Error(`reply secret ${secret.id} belongs to no contract`);
  const { participant, generation } = secret;
  const refusal = (problem: Problem): Reaction => refuseWord(loaded.contract, participant, problem);
  if (personOf(loaded.contract, participant)?.address !== mail.sender) {
    return refuseOther(loaded.contract, mail);
  }
  const grant: Grant = { participant, generation };
  const isInitiator = participant === 'initiator';
  if (isInitiator && isInitiatorsWord(word.word)) {
    if (loaded.contract.successor !== undefined) return hasComeAnew(dependencies, loaded.contract);
    const against = againstWord(loaded.contract, word.word);
    if (against) return refusal(against);
  }
  const carryOut = (command: Command): Reaction =>
    execute(dependencies, loaded.contract, participant, command);
  const corrected = (): Promise<Reaction> =>
    mayComeAnew(loaded.contract)
      ? draftAnew(dependencies, mail, loaded, word.attachments)
      : correction(dependencies, mail, loaded, grant, word.attachments);
  const answerWith = (read: Command | Problem): Reaction => ('code' in read ? refusal(read) : carryOut(read));
  if (participant === 'second') return answerWith(settleChange(dependencies, mail, secret, word));
  switch (word.word) {
    case 'goAhead':
      if (!isInitiator) break;
      return answerWith(
        againstGoAhead(loaded.contract, mail.message) ?? {
          type: 'goAhead',
          grant,
          acknowledged: word.argument !== '',
        },
      );
    case 'withdraw':
      if (!isInitiator) break;
      return answerWith(
        againstReason(word, reasonLimit) ?? { type: 'withdraw', by: participant, reason: reasonOf(word) },
      );
    case 'resend':
      if (!isInitiator) break;
      return carryOut({ type: 'resend', by: participant });
    case 'extend': {
      if (!isInitiator) break;
      const written = word.argument.replace(/(まで)?(に|へ)?$/u, '');
      const deadline = readDate(written);
      if (deadline === null) {
        return refusal({ code: dateFault(written), args: { label: '延長', value: word.argument } });
      }
      return carryOut({ type: 'extend', by: participant, deadline });
    }
    case 'changeAddress': {
      if (!isInitiator) break;
      const { argument, lines } = word;
      return answerWith(await readAddressChange(dependencies, mail, loaded.contract, argument, lines));
    }
    case 'approve':
      if (isInitiator) break;
      return answerWith(approve(dependencies, mail, secret, word));
    case 'return':
      if (isInitiator) break;
      return answerWith(
        againstReason(word, reasonLimit) ?? { type: 'decline', grant, reason: reasonOf(word) },
      );
    case 'status':
    case 'copies':
      return async () => ({
        status: 'handled',
        contract: loaded.contract.id,
        answer: { type: word.word as 'status' | 'copies', contract: loaded.contract.id, participant },
      });
    case 'help':
    case 'form':
      return async () => ({ status: 'handled', contract: loaded.contract.id, answer: { type: 'form' } });
    case 'empty':
      return isInitiator && word.attachments.some(isDocument)
        ? corrected()
        : refusal(sealedText(word.attachments) ?? { code: 'empty-reply', args: {} });
    case 'add':
      if (isInitiator && word.attachments.some(isDocument)) return corrected();
      break;
    case 'unknown':
      if (isInitiator && saysCorrections(mail.message.text)) return corrected();
      if (isInitiator && loaded.contract.state === 'draft') {
        const file = word.attachments.find(isDocument)?.fileName;
        if (file !== undefined)
          return refusal({ code: 'file-with-unknown-word', args: { line: firstLine(mail), file } });
      }
      break;
  }
  return refusal(cannotObey(word, firstLine(mail), participant));
}

function approve(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
  secret: SecretRow,
  word: WordMail,
): Command | Problem {
  const against = againstApproval(dependencies, mail, secret, word, 'approver');
  if (against) return against;
  const { participant, generation } = secret;
  return {
    type: 'consent',
    grant: { participant, generation },
    at: mail.row.received_at,
    // What the mail showed that was replied to: a document that changed since is a refusal.
    heads: JSON.parse(secret.heads),
    filled: [],
    evidence: { means: 'mail', ip: null, userAgent: null, message: mail.row.id, authentication: mail.proof },
  };
}

/** The second staff member about a new address: their 「承認」 is no consent to the contract. */
function settleChange(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
  secret: SecretRow,
  word: WordMail,
): Command | Problem {
  const { participant, generation } = secret;
  const settled = { type: 'settleHolderChange', grant: { participant, generation } } as const;
  if (word.word === 'return') {
    const against = againstReason(word, dependencies.settings.declineCharacters);
    return against ?? { ...settled, agreed: false, reason: reasonOf(word) };
  }
  if (word.word !== 'approve') return cannotObey(word, firstLine(mail), participant);
  const against = againstApproval(dependencies, mail, secret, word, 'second');
  return against ?? { ...settled, agreed: true, reason: null };
}

/** 「承認」 by mail, of the contract itself or of a new address: why it does not count; null where it does. */
function againstApproval(
  { secrets, settings }: ReceiveDependencies,
  { sender, means, municipality }: ReceivedMail,
  secret: SecretRow,
  { argument }: WordMail,
  right: 'approver' | 'second',
): Problem | null {
  // Rights may have been taken since the mail that is replied to.
  if (!mayDo(sender, right, municipality.staff)) return { code: `not-${right}`, args: { address: sender } };
  // No command of the operator's makes a consent, or decides where a contract goes (R59).
  if (means === 'released') return { code: 'not-proven', args: {} };
  const wrong = settings.approvalCode && argument !== secrets.codeOf(secret);
  return wrong ? { code: 'wrong-code', args: {} } : null;
}

function execute(
  { commands }: ReceiveDependencies,
  contract: Contract,
  participant: ParticipantId,
  command: Command,
): Reaction {
  return async (tx, now) => {
    const handled = await commands.handle(tx, contract.id, command, now);
    if (isRefusal(handled))
      return refuseWord(contract, participant, { code: handled.code, args: {} })(tx, now);
    const done: Outcome = { status: 'handled', contract: contract.id, why: command.type };
    // The other commands answer with mails of their own.
    const answered = answerTo(command, contract);
    return answered ? { ...done, answer: { type: answered, contract: contract.id, participant } } : done;
  };
}

type Answered = 'resent' | 'extended' | 'changeProposed' | 'changeSettled' | 'returned';

function answerTo(command: Command, { proposedChange, steps }: Contract): Answered | null {
  switch (command.type) {
    case 'resend':
      return 'resent';
    case 'extend':
      return 'extended';
    case 'changeHolder':
      return command.second ? 'changeProposed' : null;
    case 'decline':
      return 'returned';
    case 'settleHolderChange': {
      // Whoever takes a step hears of the change like everybody in the contract.
      const told = steps.some(({ person }) => person.address === proposedChange?.second.address);
      return command.agreed && told ? null : 'changeSettled';
    }
    default:
      return null;
  }
}

function refuseWord(contract: Contract, participant: ParticipantId, problem: Problem): Reaction {
  return async () => ({
    status: 'refused',
    contract: contract.id,
    answer: { type: 'commandRefused', contract: contract.id, participant, problems: [problem] },
    why: problem.code,
  });
}

/** Somebody answers a mail that went to another: they hear so as who they are, never as the one they are not. */
function refuseOther(contract: Contract, mail: ReceivedMail): Reaction {
  const problem: Problem = { code: 'wrong-secret', args: {} };
  const own = participantWith(contract, mail.sender);
  if (own) return refuseWord(contract, own, problem);
  return async () => ({
    status: 'refused',
    answer: { type: 'refused', problems: [problem] },
    why: `${problem.code}: sender takes no part`,
  });
}

/** Without the secret only questions are answered; anything else has to be repeated in reply to a fresh secret. */
async function withoutSecret(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
  word: WordMail,
): Promise<Reaction> {
  const found = await contractReferredTo(dependencies, mail);
  const participant =
    found && (participantWith(found.contract, mail.sender, word.word) ?? auditing(mail, word.word));
  if (!found || !participant) {
    return async () => ({
      status: 'refused',
      answer: { type: 'refused', problems: [{ code: 'needs-reply', args: { line: firstLine(mail) } }] },
      why: 'word without secret or contract',
    });
  }
  const contract = found.contract.id;
  const { word: name } = word;
  if (name === 'status' || name === 'copies') {
    return async () => ({ status: 'handled', contract, answer: { type: name, contract, participant } });
  }
  if (!CONFIRMABLE.has(name)) {
    return refuseWord(found.contract, participant, cannotObey(word, firstLine(mail), participant));
  }
  return async () => ({
    status: 'refused',
    contract,
    answer: { type: 'confirmNeeded', contract, participant, word: name, line: firstLine(mail) },
    why: 'word without secret',
  });
}

/** Staff who take part: initiator and approvers; somebody who is both speaks as the one whose word it is. */
function participantWith(contract: Contract, address: string, word?: WordName): ParticipantId | undefined {
  const initiator = contract.initiator.address === address ? 'initiator' : undefined;
  const approver = contract.steps.find(
    ({ role, person }) => role === 'approver' && person.address === address,
  )?.participant;
  return word === 'approve' || word === 'return' ? (approver ?? initiator) : (initiator ?? approver);
}

/** An auditor reads every contract of the municipality, and nothing else comes of it. */
function auditing({ sender, municipality }: ReceivedMail, word: WordName): ParticipantId | undefined {
  const reads = word === 'status' || word === 'copies';
  return reads && mayDo(sender, 'auditor', municipality.staff) ? AUDITOR : undefined;
}

function reasonOf({ argument, lines }: WordMail): string | null {
  return reasonIn(argument, lines);
}

/** A reason that is too long is asked for anew, and nothing is done. */
function againstReason(word: WordMail, limit: number): Problem | null {
  const args = overlong(reasonOf(word), limit);
  return args && { code: 'reason-too-long', args };
}

function firstLine({ message }: ReceivedMail): string {
  return firstUnquotedLine(message.text) ?? '';
}
