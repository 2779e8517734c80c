// The e-application feed (R1–R3, R7b, R9): CSV bytes in, registrations and refused rows out; pure.
export { type Cells, COLUMN_NAMES, COLUMNS, type Column, foldName } from './columns.ts';
export { readFeed } from './feed.ts';
export {
  FEED_LIMITS,
  type FeedHeader,
  type FeedItem,
  type FeedLimits,
  type FeedRefusal,
  type FeedRow,
  type FeedSource,
} from './feed-items.ts';
export {
  APPLICATION_STATUSES,
  type ApplicationStatus,
  DELIMITERS,
  type Delimiter,
  type FeedEncoding,
  type Form,
  type FormSettings,
  PRESET_NAMES,
  type PresetName,
  presetForm,
  type RegistrationModel,
  resolveForm,
  statusOf,
} from './forms.ts';
export { type Match, type MatchReason, type Proposal, proposeForm } from './propose.ts';
export { logSentence, type RegistrationRefusal, type RegistrationRefusalCode } from './refusals.ts';
export { type AddressLists, type AskCode, type Judgement, judge, type Registration } from './rules.ts';
