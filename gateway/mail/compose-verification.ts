/** Turns what was found in a mail to the address for verification into the answer's content. */
import type { MailContent } from '../../templates/index.ts';
import * as templates from '../../templates/index.ts';
import { type AnswerInput, sender } from './compose-answer.ts';
import { base } from './compose-input.ts';

/** `filesPerMail`: how many PDFs one mail may bring. */
export function composeVerified(
  input: AnswerInput,
  found: Omit<templates.VerificationResultParams, 'sender' | 'filesPerMail' | keyof templates.MailBase>,
  filesPerMail: number,
): MailContent {
  return templates.verificationResult({ ...found, filesPerMail, ...base(input), sender: sender(input) });
}
