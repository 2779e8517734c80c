/** Which page tells of a refusal of the core. */
import type { PageState } from '../../templates/index.ts';
import type { RefusalCode } from '../contract/refusals.ts';

export const REFUSAL_PAGES: Record<RefusalCode, PageState> = {
  'not-your-turn': 'not-your-turn',
  'already-consented': 'used',
  'already-concluded': 'concluded',
  withdrawn: 'withdrawn',
  declined: 'declined',
  expired: 'expired',
  'deadline-past': 'expired',
  'not-yet-sent': 'not-your-turn',
  'already-sent': 'used',
  'being-sealed': 'used',
  'head-changed': 'head-changed',
  'not-approver': 'not-approver',
  'boxes-not-right': 'error',
  'link-voided': 'voided',
  'needs-confirmation': 'error',
  'too-late-to-take-back': 'too-late-to-take-back',
  'nothing-to-take-back': 'used',
  'too-late-to-withdraw': 'concluded',
  'ahead-of-clock': 'busy',
  'not-later': 'error',
  'too-many-links': 'too-many-links',
  // The page with the question says so, beside its text.
  'too-many-questions': 'error',
  'not-the-vendors': 'error',
  'address-in-use': 'error',
  'holder-consented': 'error',
  'second-person-needed': 'error',
  'nothing-proposed': 'used',
  'correct-the-draft': 'error',
  'came-anew': 'used',
  busy: 'busy',
  stale: 'used',
};
