/** The signing PIN (署名用暗証番号, R11): chosen by the vendor as it confirms its address; only its hash is kept, and nobody else learns it. */
import type { PinFault } from '../../templates/index.ts';

const SHAPE = /^[0-9A-Za-z]{6,20}$/;

/** What was typed, twice; null: none was chosen. Width makes no difference, case does. */
export function chosenPin(
  first: string,
  again: string,
  required: boolean,
): { readonly pin: string | null } | { readonly fault: PinFault } {
  const [pin, repeated] = [first, again].map((typed) => typed.normalize('NFKC').trim());
  if (pin === '' && repeated === '') return required ? { fault: 'missing' } : { pin: null };
  if (!SHAPE.test(pin!)) return { fault: 'shape' };
  return pin === repeated ? { pin: pin! } : { fault: 'differs' };
}
