/** Every page: its function, its Params and its sample. */
export { type BoxFault, type BoxInput, boxInputSamples } from './boxes.ts';
export * from './confirm.ts';
export type { Confirmation } from './confirmation.ts';
export * from './consent.ts';
export * from './declined.ts';
export * from './done.ts';
export * from './download.ts';
export * from './link-sent.ts';
export * from './outdated-browser.ts';
export * from './registration.ts';
export type { ConsentRole } from './role-words.ts';
export type { PageBase } from './shell.ts';
export * from './state.ts';
export * from './taken-back.ts';
