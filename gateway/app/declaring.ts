/** What whoever consents on the page has to confirm besides (R7, R7b, R27): the server judges it, with a script or without. */
import { DECLARATION_VERSION } from '../../templates/index.ts';
import type { Declared, Step } from '../contract/contract.ts';

/** Whom the page asks for the declaration: every signatory, those who have not made it with their registration, or nobody. */
export type DeclarationRule = 'always' | 'unconfirmed' | 'never';

/** What was ticked, as the page's form posted it: `declaration` is the version that was shown. */
export interface Ticked {
  readonly identity: boolean;
  readonly declaration: string | null;
}

/** Whether this person's page asks for the declaration; one who pressed 「受信を確認する」 has made it then (R11). */
export function mustDeclare({ role, registration }: Step, rule: DeclarationRule): boolean {
  if (role !== 'signatory' || rule === 'never') return false;
  return rule === 'always' || registration !== 'confirmed';
}

/** What is recorded with a consent at `at` (ISO UTC); null while something that has to be ticked is not. */
export function declaredBy(step: Step, ticked: Ticked, rule: DeclarationRule, at: string): Declared | null {
  if (!ticked.identity) return null;
  if (!mustDeclare(step, rule)) return { identity: true, electronic: null };
  // An explanation that has changed since the page was shown was not the one agreed to.
  if (ticked.declaration !== DECLARATION_VERSION) return null;
  return { identity: true, electronic: { version: DECLARATION_VERSION, at } };
}
