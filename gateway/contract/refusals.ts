/** The expected "no" of the core: a value with a code; its Japanese sentence stands in templates/sentences.ja.ts. */

export type RefusalCode =
  | 'not-your-turn'
  | 'already-consented'
  | 'already-concluded'
  | 'withdrawn'
  | 'declined'
  | 'expired'
  | 'deadline-past'
  | 'not-yet-sent'
  | 'already-sent'
  /** Consents are being sealed, and nothing can be changed any more. */
  | 'being-sealed'
  | 'head-changed'
  /** Whoever the contract names may not, or no longer, consent for the municipality. */
  | 'not-approver'
  /** A box of a document is open that must not be, or holds what it cannot. */
  | 'boxes-not-right'
  | 'link-voided'
  | 'needs-confirmation'
  | 'too-late-to-take-back'
  | 'nothing-to-take-back'
  | 'too-late-to-withdraw'
  | 'ahead-of-clock'
  /** 「延長」 to a day that is not after the present deadline. */
  | 'not-later'
  /** As many fresh links as a day allows have been sent. */
  | 'too-many-links'
  /** As many questions as a day allows have been asked. */
  | 'too-many-questions'
  /** 「宛先変更」 of somebody who is not the vendor's. */
  | 'not-the-vendors'
  /** The new address has a part in this contract already. */
  | 'address-in-use'
  /** Whose address is to be changed has consented. */
  | 'holder-consented'
  /** Nobody but the initiator vouches for the new address. */
  | 'second-person-needed'
  /** The change of address that is answered is settled already. */
  | 'nothing-proposed'
  /** Before the go-ahead an address is corrected in the draft. */
  | 'correct-the-draft'
  /** A reply has brought it in as a new contract already. */
  | 'came-anew'
  | 'busy'
  /** A late outcome of work that no longer matters; nobody needs to hear of it. */
  | 'stale';

export interface Refusal {
  readonly refused: true;
  readonly code: RefusalCode;
}

export function refuse(code: RefusalCode): Refusal {
  return { refused: true, code };
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value && value.refused === true;
}
