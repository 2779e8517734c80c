/** One mail of the corpus: its octets, what it shows, and what the gateway has to make of it. */
import { type Letter, mail, SUZUKI, word } from './parts.ts';

/** How the mail came; without anything: through the staff's own relay, with no secret of ours. */
export interface Circumstances {
  readonly relay?: 'mx' | 'none';
  /** The address of an account that logged in. */
  readonly account?: string;
  readonly replySecret?: true;
  readonly bounceSecret?: true;
}

/** What is not named is not asked. */
export interface Expected {
  /** An Interpretation's type, or 'unreadable'. */
  readonly type: string;
  readonly word?: string;
  readonly argument?: string;
  /** Of a draft; null where nothing was written. */
  readonly title?: string | null;
  readonly counterparty?: string | null;
  readonly approver?: string | null;
  readonly amount?: number | null;
  /** Codes, in order. */
  readonly problems?: readonly string[];
  /** Of an unreadable mail, or of one that is ignored. */
  readonly reason?: string;
  /** Of a bounce. */
  readonly status?: string | null;
  readonly recipient?: string | null;
  readonly subject?: string;
  readonly author?: string;
  /** Name and kind of every attachment. */
  readonly files?: readonly (readonly [string, string])[];
}

export interface Expectation {
  readonly when?: Circumstances;
  readonly expected: Expected;
}

export interface Fixture extends Expectation {
  readonly name: string;
  readonly shows: string;
  /** Null for a mail that was written by hand and is only kept. */
  readonly mail: Buffer | null;
}

export const REPLY: Circumstances = { replySecret: true };

/** An answer to a mail of ours, with its secret. */
export function reply(name: string, shows: string, letter: Letter, expected: Expected): Fixture {
  const whole = { subject: word('RE: 【承認のお願い】村道1号線舗装工事'), from: SUZUKI, ...letter };
  return { name, shows, mail: mail(name, whole), when: REPLY, expected };
}

/** A mail of its own, from a clerk. */
export function sent(name: string, shows: string, letter: Letter, expected: Expected): Fixture {
  return { name, shows, mail: mail(name, letter), expected };
}
