/** Who has consented and who follows, as far as the municipality lets participants see it (R20b). */
import { shortDateTime, type When } from '../format.ts';
import { type ParticipantRole, type Person, participantRole, personWithHonorific } from '../words.ts';
import { type Html, html } from './html.ts';

export interface ProgressStep {
  role: Exclude<ParticipantRole, 'observer'>;
  /** What may be said of the person: all of it, only the organisation, or (null) that it is the reader. */
  who: Person | { organisation: string } | null;
  /** Null while the consent is awaited. */
  consentedAt: When | null;
  /** Whose turn it is. */
  current: boolean;
}

/** Null where nothing of the others may be shown, or there are none. */
export function progressSection(steps: readonly ProgressStep[], municipality: string): Html | null {
  if (steps.length < 2) return null;
  return html`<section class="facts" aria-labelledby="progress-title">
<h2 id="progress-title">手続きの順番</h2>
<ol class="progress">
${steps.map((step) => html`<li${step.current && html` aria-current="step"`}>${participantRole(step.role, municipality)}：${named(step)} <span class="mark">${standing(step)}</span></li>\n`)}</ol>
</section>`;
}

function named({ who }: ProgressStep): string {
  if (who === null) return 'あなた';
  return 'address' in who ? personWithHonorific(who) : who.organisation;
}

function standing({ consentedAt, current }: ProgressStep): string {
  if (consentedAt !== null) return `済（${shortDateTime(consentedAt)}）`;
  return current ? '手続き中' : 'このあと';
}

const samplePartner: Person = {
  organisation: '株式会社サンプル建設',
  title: '代表取締役',
  name: '中村次郎',
  address: 'nakamura@kensetsu.example.jp',
};

export const progressSample: readonly ProgressStep[] = [
  { role: 'signatory', who: samplePartner, consentedAt: '2026-11-27T02:00:00Z', current: false },
  { role: 'signatory', who: null, consentedAt: null, current: true },
  { role: 'approver', who: { organisation: '見本市' }, consentedAt: null, current: false },
];
