/** A municipality's look, from its settings and the logo's file. */
import { type Municipality, readLogo } from '../config.ts';
import type { FaceParts } from '../web/face.ts';

export function faceParts({ id, face }: Municipality, maxLogoOctets: number): FaceParts {
  const logo = face.logoFile === null ? null : readLogo(face.logoFile, maxLogoOctets);
  if (logo !== null && 'problem' in logo) throw new Error(`logo ${face.logoFile} ${logo.problem}`);
  return { id, colour: face.primaryColor, logo, wording: face.wording };
}
