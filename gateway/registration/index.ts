// The e-application feed (R1–R3, R7b, R9): CSV bytes in, registrations and refused rows out; pure.
export { COLUMN_NAMES, COLUMNS } from './columns.ts';
export { readFeed } from './feed.ts';
export {
  FEED_LIMITS,
  type FeedHeader,
  type FeedItem,
  type FeedLimits,
  type FeedSource,
} from './feed-items.ts';
export {
  DELIMITERS,
  type Delimiter,
  type Form,
  type FormSettings,
  PRESET_NAMES,
  type PresetName,
  presetForm,
  type RegistrationModel,
  resolveForm,
} from './forms.ts';
export { type Proposal, proposeForm } from './propose.ts';
export type { RegistrationRefusal } from './refusals.ts';
export { type AddressLists, type Judgement, judge, type Registration } from './rules.ts';
