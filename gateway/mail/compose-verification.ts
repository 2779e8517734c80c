/** Turns what was found in a mail to the address for verification into the answer's content. */
import type { MailContent } from '../../templates/index.ts';
import * as templates from '../../templates/index.ts';
import { type AnswerInput, base, sender } from './compose-answer.ts';

export function composeVerified(
  input: AnswerInput,
  found: Omit<templates.VerificationResultParams, 'sender' | keyof templates.MailBase>,
): MailContent {
  return templates.verificationResult({ ...found, ...base(input), sender: sender(input) });
}
