/** The configured municipalities, by id and by address. */
import type { Config, Municipality } from '../config.ts';
import { domainOf, withoutSubaddress } from '../mail/address.ts';
import { type Form, resolveForm } from '../registration/index.ts';

export interface MunicipalityDirectory {
  /** Throws where the id is not in the configuration. */
  byId(id: string): Municipality;
  /** The e-application form of this name. */
  formOf(id: string, name: string): Form;
  /** By the address a mail came to, a subaddress (RFC 5233) or an alias included. */
  byAddress(address: string): Municipality | undefined;
  ofRecipients(recipients: readonly string[]): string[];
  /** How its vendors' signatories are registered. */
  modelOf(id: string): Municipality['signatoryModel'];
  /** Who reads its reports: its own addresses, else the installation's operator. */
  reportAddressesOf(id: string): readonly string[];
  /** Staff with the operator's right, or where it has none of its own, the installation's operator. */
  operatorsOf(id: string): readonly string[];
}

export function municipalityDirectory({ municipalities, operator }: Config): MunicipalityDirectory {
  const ids = new Map(municipalities.map((municipality) => [municipality.id, municipality]));
  const addresses = new Map(
    municipalities.flatMap((municipality) =>
      [
        municipality.address,
        ...municipality.aliases,
        municipality.verificationAddress,
        municipality.registrationAddress,
      ].flatMap((address) => (address === null ? [] : [[address, municipality] as const])),
    ),
  );
  const byAddress = (address: string): Municipality | undefined => {
    const plain = withoutSubaddress(address);
    // RFC 5321 4.5.1: mail to postmaster is taken, with or without a domain of ours.
    const [local, domain] = plain.split('@');
    if (local === 'postmaster') {
      return municipalities.find((one) => domain === undefined || domainOf(one.address) === domain);
    }
    return addresses.get(plain);
  };
  // Contracts may outlive their municipality's place in the configuration: the last three answer for any id.
  return {
    byAddress,
    byId(id) {
      const municipality = ids.get(id);
      if (!municipality) throw new Error(`municipality ${id} is not in the configuration`);
      return municipality;
    },
    formOf(id, name) {
      const { forms, signatoryModel } = ids.get(id) ?? { forms: [], signatoryModel: 'perContract' };
      const settings = forms.find((form) => form.name === name);
      if (!settings) throw new Error(`municipality ${id} has no form ${name} in the configuration`);
      return resolveForm(settings, signatoryModel);
    },
    ofRecipients: (recipients) => [
      ...new Set(recipients.flatMap((recipient) => byAddress(recipient)?.id ?? [])),
    ],
    modelOf: (id) => ids.get(id)?.signatoryModel ?? 'perContract',
    reportAddressesOf(id) {
      const own = ids.get(id)?.reportAddresses;
      return own?.length === 0 ? operator.addresses : (own ?? []);
    },
    operatorsOf(id) {
      const members = ids.get(id)?.staff.members ?? [];
      const own = members.filter(({ rights }) => rights.includes('operator'));
      return own.length === 0 ? operator.addresses : own.map(({ address }) => address);
    },
  };
}
