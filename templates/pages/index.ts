/** Every page: its function, its Params and its sample. */
export { type BoxFault, type BoxInput, boxInputSamples } from './boxes.ts';
export * from './confirm.ts';
export type { Confirmation } from './confirmation.ts';
export * from './consent.ts';
export * from './declined.ts';
export * from './done.ts';
export * from './download.ts';
export * from './link-sent.ts';
export { DECLINE_REASON_LIMIT, QUESTION_LIMIT, type Written } from './other-ways.ts';
export * from './outdated-browser.ts';
export { type ProgressStep, progressSample } from './progress.ts';
export * from './question-sent.ts';
export * from './registration.ts';
export type { ConsentRole } from './role-words.ts';
export type { PageBase } from './shell.ts';
export * from './state.ts';
export { DECLARATION, IDENTITY, IDENTITY_TICKED, type Statements } from './statements.ts';
export * from './taken-back.ts';
