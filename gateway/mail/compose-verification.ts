/** Turns what was found in a mail to the address for verification into the answer's content. */
import type { MailContent } from '../../templates/index.ts';
import * as templates from '../../templates/index.ts';
import type { AnswerInput } from './compose-answer.ts';

export function composeVerified(
  { municipality, testAuthority, to }: AnswerInput,
  found: Omit<templates.VerificationResultParams, 'sender' | keyof templates.MailBase>,
): MailContent {
  const { name, desks } = municipality;
  const sender = { organisation: null, title: null, name: to.name || null, address: to.address };
  return templates.verificationResult({ ...found, municipality: name, desks, testAuthority, sender });
}
