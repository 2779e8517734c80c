/** Whose turn it is, as far as the municipality lets a participant see the others (R20b). */
import type { ProgressStep } from '../../templates/index.ts';
import type { Contract, ParticipantId, Step } from '../contract/contract.ts';
import { person } from '../mail/facts.ts';

/** What participants see of the others. */
export type Shown = 'names' | 'organisation' | 'none';

/** All steps as `reader` may see them; none where nothing of the others is shown. */
export function progressOf(
  { steps, step: current }: Pick<Contract, 'steps' | 'step'>,
  reader: ParticipantId,
  shown: Shown,
  municipality: string,
): ProgressStep[] {
  if (shown === 'none') return [];
  const who = (step: Step): ProgressStep['who'] => {
    if (step.participant === reader) return null;
    if (shown === 'names') return person(step.person);
    return { organisation: step.person.company ?? municipality };
  };
  return steps.map((step, index) => ({
    role: step.role,
    who: who(step),
    consentedAt: step.consent?.at ?? null,
    current: step.consent === null && index === current,
  }));
}
