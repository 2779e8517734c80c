/** The signing key, lent for one piece of work at a time and only for what the stored history asks for (R59). */
import { RevokedCredential } from '../../signing/cms/index.ts';
import type { Credential } from '../../signing/ports.ts';
import { isSigningProof, type SigningProof } from '../app/contract-store.ts';

/** All that anybody holds of a municipality's key. */
export interface SigningKey {
  /**
   * Lends the credential to `work`; afterwards it signs no more. Rejects when the proof is not a store's or speaks of
   * another municipality, and with what the check of its standing says: revoked for good, transiently otherwise.
   */
  lend<T>(proof: SigningProof, work: (credential: Credential) => Promise<T>): Promise<T>;
}

export interface SigningKeyOptions {
  readonly credential: Credential;
  /** Id of the municipality that signs with it. */
  readonly municipality: string;
  /** Rejects unless the credential may sign at that moment; see credentialStanding. */
  readonly standing: (at: Date) => Promise<void>;
  /** Told each time the credential proves revoked, before the work is refused. */
  readonly onRevoked: (error: RevokedCredential) => Promise<void>;
  readonly clock: () => Date;
}

export function signingKey(options: SigningKeyOptions): SigningKey {
  const { credential, municipality, standing, onRevoked, clock } = options;
  return {
    async lend(proof, work) {
      if (!isSigningProof(proof)) throw new Error('no stored history asks for this signature');
      if (proof.contract.municipality !== municipality)
        throw new Error(`the key of ${municipality} signs for no contract of ${proof.contract.municipality}`);
      await standing(clock()).catch(async (error) => {
        if (error instanceof RevokedCredential) await onRevoked(error);
        throw error;
      });
      let lent = true;
      const sign: Credential['sign'] = async (data) => {
        if (!lent) throw new Error('the signing key was lent for other work');
        return credential.sign(data);
      };
      try {
        return await work({ ...credential, sign });
      } finally {
        lent = false;
      }
    },
  };
}
