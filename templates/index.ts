/** The face of templates/: pure functions from Params to mails, pages and sentences. */
export * from './certificate.ja.ts';
export * from './certificate-facts.ts';
export * from './certificate-sample.ts';
export * from './declaration.ja.ts';
export * from './format.ts';
export type { MailBase, MailContent, RenderedMail } from './mail-content.ts';
export { compileMails } from './mail-html.ts';
export * from './mails/index.ts';
export { mailSamples } from './mails/samples.ts';
export * from './pages/index.ts';
export { sampleFilled } from './sample.ts';
export * from './seal.ja.ts';
export * from './seal-command.ja.ts';
export * from './sentences.ja.ts';
export * from './verification.ja.ts';
export * from './waiting.ts';
export * from './warnings.ja.ts';
export type { Wording } from './wording.ts';
export {
  contractKind,
  type DocumentFacts,
  type FilledFact,
  type Initiator,
  type Person,
  participantRole,
} from './words.ts';
