/** Every page in each of its states, with sample values and a municipality's face: for previews, pictures and the tests of accessibility. */
import type { When } from '../format.ts';
import { sampleApprover, sampleBase, sampleChecker, sampleFilled } from '../sample.ts';
import { boxInputSamples } from './boxes.ts';
import { confirmPage, confirmPageSample } from './confirm.ts';
import { consentPage, consentPageSample } from './consent.ts';
import { declinedPage, declinedPageSample } from './declined.ts';
import { donePage, donePageSample } from './done.ts';
import { downloadPage, downloadPageSample } from './download.ts';
import { howToCheckPage, howToCheckPageSample } from './how-to-check.ts';
import { linkSentPage, linkSentPageSample } from './link-sent.ts';
import { outdatedBrowserPage, outdatedBrowserPageSample } from './outdated-browser.ts';
import { type ProgressStep, progressSample } from './progress.ts';
import { questionSentPage, questionSentPageSample } from './question-sent.ts';
import {
  preferencePage,
  preferencePageSample,
  REGISTRATION_STATES,
  registrationPage,
  registrationPageSample,
  registrationStatePage,
  registrationStatePageSample,
} from './registration.ts';
import type { PageBase } from './shell.ts';
import { PAGE_STATES, type PageState, statePage, statePageSample } from './state.ts';
import { takenBackPage, takenBackPageSample } from './taken-back.ts';

/** Where a fresh link is offered, and what its form is sent to. */
const FRESH_LINKS: Partial<Record<PageState, string>> = {
  voided: '/c/abcdefghijklmnopqrstuvwxyz/link',
  concluded: '/c/abcdefghijklmnopqrstuvwxyz/link',
  'download-expired': '/d/abcdefghijklmnopqrstuvwxyz/link',
};
/** Shown where no link says which contract it is about. */
const WHOEVER_ASKS: readonly PageState[] = ['not-found', 'error', 'too-fast', 'too-large', 'foreign-form'];
/** What a checker and an approver confirm. */
const NAME_ONLY = { ...consentPageSample.statements, declaration: null };

/** HTML by name; names are fit for files. */
export function pageSamples(base: PageBase = sampleBase): Record<string, string> {
  const consent = { ...consentPageSample, ...base };
  const confirm = { ...confirmPageSample, ...base };
  const done = { ...donePageSample, ...base };
  const declined = { ...declinedPageSample, ...base };
  const registration = { ...registrationPageSample, ...base };
  const states = PAGE_STATES.map((state) => [
    `state-${state}`,
    statePage({
      ...statePageSample,
      ...base,
      state,
      freshLink: FRESH_LINKS[state] ?? null,
      ...(WHOEVER_ASKS.includes(state) ? { title: null } : {}),
    }),
  ]);
  const registrationStates = REGISTRATION_STATES.map((state) => [
    `registration-${state}`,
    registrationStatePage({
      ...registrationStatePageSample,
      ...base,
      state,
      freshLink: state === 'link-expired' ? registrationStatePageSample.freshLink : null,
    }),
  ]);
  return {
    consent: consentPage(consent),
    'consent-checker': consentPage({
      ...consent,
      role: 'checker',
      participant: sampleChecker,
      statements: NAME_ONLY,
      boxesAhead: ['住所', '法人番号'],
    }),
    'consent-approver': consentPage({
      ...consent,
      role: 'approver',
      participant: sampleApprover,
      statements: NAME_ONLY,
      isLast: true,
      contractDateIfToday: '2026-11-30',
      filled: sampleFilled,
    }),
    'consent-boxes': consentPage({
      ...consent,
      boxes: boxInputSamples,
      strayFaults: [{ code: 'unknown', detail: null }],
    }),
    'consent-pin': consentPage({
      ...consent,
      message: '金額の内訳は設計書の2ページにあります。\nご不明な点はお電話ください。',
      statements: { ...consent.statements, factor: { kind: 'pin', entered: '', fault: null } },
    }),
    'consent-joint-venture': consentPage({ ...consent, progress: progressSample }),
    'consent-reason-too-long': consentPage({
      ...consent,
      written: { form: 'decline', text: 'あ'.repeat(1001), fault: 'too-long' },
    }),
    'consent-test-authority': consentPage({ ...consent, testAuthority: true }),
    confirm: confirmPage(confirm),
    'confirm-incomplete': confirmPage({
      ...confirm,
      filled: sampleFilled,
      hidden: [{ name: 'box-1-1', value: '見本県見本市一丁目1番1号' }],
      statements: { identity: true, declaration: false, incomplete: true, factor: null },
    }),
    'confirm-code': confirmPage({
      ...confirm,
      statements: { ...confirm.statements, factor: { kind: 'code', entered: '', fault: 'wrong' } },
    }),
    'confirm-pin': confirmPage({
      ...confirm,
      statements: { ...confirm.statements, factor: { kind: 'pin', entered: '', fault: 'wrong' } },
    }),
    done: donePage({ ...done, filled: sampleFilled, progress: consented(progressSample, done.consentedAt) }),
    'done-question-empty': donePage({ ...done, written: { form: 'question', text: '', fault: 'empty' } }),
    declined: declinedPage(declined),
    'declined-paper': declinedPage({ ...declined, paper: true }),
    'question-sent': questionSentPage({ ...questionSentPageSample, ...base }),
    'taken-back': takenBackPage({ ...takenBackPageSample, ...base }),
    'link-sent': linkSentPage({ ...linkSentPageSample, ...base }),
    download: downloadPage({ ...downloadPageSample, ...base }),
    'download-print-refused': downloadPage({
      ...downloadPageSample,
      ...base,
      print: null,
      printRefused: true,
    }),
    'how-to-check': howToCheckPage({ ...howToCheckPageSample, ...base }),
    registration: registrationPage(registration),
    'registration-incomplete': registrationPage({ ...registration, title: null, incomplete: true }),
    'registration-pin': registrationPage({
      ...registration,
      ticked: { electronic: true, deemed: true },
      pin: { required: true, fault: 'differs' },
    }),
    'registration-pin-missing': registrationPage({
      ...registration,
      pin: { required: true, fault: 'missing' },
    }),
    'registration-pin-shape': registrationPage({ ...registration, pin: { required: false, fault: 'shape' } }),
    preference: preferencePage({ ...preferencePageSample, ...base }),
    'outdated-browser': outdatedBrowserPage({ ...outdatedBrowserPageSample, ...base }),
    ...Object.fromEntries(states),
    ...Object.fromEntries(registrationStates),
  };
}

/** The same after the reader has consented: the next one is asked. */
function consented(steps: readonly ProgressStep[], at: When): ProgressStep[] {
  return steps.map((step, index) =>
    step.current
      ? { ...step, consentedAt: at, current: false }
      : { ...step, current: steps[index - 1]?.current === true },
  );
}
