// The e-application feed (R1–R3, R7b, R9): CSV bytes in, registrations and refused rows out; pure.
export { COLUMNS } from './columns.ts';
export { type DecodedFeed, decodeCsv, type FeedEncoding, type FeedRow, type UnreadableFeed } from './csv.ts';
export {
  type AcceptedRow,
  type FeedReport,
  type RefusedRow,
  type Registration,
  readRegistrations,
} from './read.ts';
export { logSentence, type RegistrationRefusal, type RegistrationRefusalCode } from './refusals.ts';
