/** Registrations ↔ rows, the only translator: personal data sealed under the master key, looked up by keyed hashes. */
import { createHmac } from 'node:crypto';
import { type MasterKey, seal, unseal } from '../../storage/keys.ts';
import type { ClaimRow, NewRegistryRow, RegistryRow } from '../../storage/registry.ts';
import { DECLARATION_VERSION } from '../../templates/index.ts';
import { registeredAddress } from '../registration/addresses.ts';
import type { Form } from '../registration/forms.ts';
import { foldCompany, foldNumber } from '../registration/names.ts';
import type { AskCode, Registration } from '../registration/rules.ts';
import type { Claim } from '../registration/settle.ts';
import { stringify } from './canonical.ts';
import type { Registered, RegistrationState } from './registration-types.ts';

/** What is hashed; equal values of two kinds have nothing in common. */
type Hashed = 'number' | 'content' | 'company' | 'address' | 'reference' | 'row';

export interface RegistryRows {
  /** Keyed (HMAC-SHA-256), within one municipality; 43 characters. */
  hash(kind: Hashed, municipality: string, value: string): string;
  numberHash(municipality: string, receiptNumber: string): string;
  companyHash(municipality: string, company: string): string;
  /** In any spelling. */
  addressHash(municipality: string, address: string): string;
  /** Of what the row says, not of when it came or how it was judged. */
  contentHash(municipality: string, content: object): string;
  seal(value: unknown, context: string): Buffer;
  open(sealed: Uint8Array, context: string): unknown;
  row(of: NewContent): NewRegistryRow;
  /** 取下げ: nothing of a person. */
  withdrawal(of: {
    municipality: string;
    form: NewContent['form'];
    receiptNumber: string;
    appliedAt: Date;
    now: string;
  }): NewRegistryRow;
  registered(row: RegistryRow): Registered;
}

export interface NewContent {
  readonly municipality: string;
  readonly form: Pick<Form, 'name' | 'model'>;
  readonly registration: Registration;
  readonly asks: readonly AskCode[];
  /** Of the explanation that the form showed; null: it showed our page's own. */
  readonly declarationVersion: string | null;
  readonly now: string;
}

/** What stands sealed in a row. */
type Body = Omit<Registration, 'appliedAt'>;

export function registryRows(master: MasterKey): RegistryRows {
  const sealing = master.derive('registry');
  const hashing = master.derive('registry-lookup');
  const hash = (kind: Hashed, municipality: string, value: string): string =>
    createHmac('sha256', hashing).update(`${kind}\0${municipality}\0${value}`).digest('base64url');
  const sealValue = (value: unknown, context: string): Buffer =>
    seal(sealing, Buffer.from(JSON.stringify(value)), context);
  const openValue = (sealed: Uint8Array, context: string): unknown =>
    JSON.parse(unseal(sealing, sealed, context).toString('utf8'));
  const numberHash = (municipality: string, receiptNumber: string): string =>
    hash('number', municipality, foldNumber(receiptNumber));
  const companyHash = (municipality: string, company: string): string =>
    hash('company', municipality, foldCompany(company));
  const addressHash = (municipality: string, address: string): string =>
    hash('address', municipality, registeredAddress(address) || address);
  const contentHash = (municipality: string, content: object): string =>
    hash('content', municipality, stringify(content));
  const common = (
    municipality: string,
    { name, model }: NewContent['form'],
    appliedAt: Date,
    now: string,
  ) => ({
    municipality,
    form: name,
    model,
    applied_at: appliedAt.toISOString(),
    imported_at: now,
    state: 'pending',
    state_at: now,
    confirmed_at: null,
    pin_hash: null,
  });
  return {
    hash,
    numberHash,
    companyHash,
    addressHash,
    contentHash,
    seal: sealValue,
    open: openValue,
    row({ municipality, form, registration, asks, declarationVersion, now }) {
      const { appliedAt, ...body } = registration;
      const shown = declarationVersion ?? DECLARATION_VERSION;
      const hashes = {
        number_hash: numberHash(municipality, registration.receiptNumber),
        content_hash: contentHash(municipality, registration),
      };
      return {
        ...common(municipality, form, appliedAt, now),
        ...hashes,
        company_hash: companyHash(municipality, registration.company),
        signatory_hash: addressHash(municipality, registration.signatory.address),
        checker_hash: registration.checker && addressHash(municipality, registration.checker.address),
        asks: JSON.stringify(asks),
        declared_version: registration.consentedToElectronic ? shown : null,
        accepted_version: registration.representationAccepted ? shown : null,
        body: sealValue(body satisfies Body, contextOf({ municipality, form: form.name, ...hashes })),
      };
    },
    withdrawal({ municipality, form, receiptNumber, appliedAt, now }) {
      const number = foldNumber(receiptNumber);
      return {
        ...common(municipality, form, appliedAt, now),
        number_hash: numberHash(municipality, number),
        content_hash: contentHash(municipality, { withdrawn: number, appliedAt }),
        company_hash: null,
        signatory_hash: null,
        checker_hash: null,
        asks: '[]',
        declared_version: null,
        accepted_version: null,
        body: null,
      };
    },
    registered(row) {
      if (row.body === null) throw new Error(`registration ${row.id} says nothing any more`);
      const body = openValue(row.body, contextOf(row)) as Body;
      const asks: AskCode[] = JSON.parse(row.asks);
      return {
        id: row.id,
        municipality: row.municipality,
        form: row.form,
        model: row.model,
        receipt_number: body.receiptNumber,
        applied_at: row.applied_at,
        imported_at: row.imported_at,
        state: row.state as RegistrationState,
        // What the row itself does not explain, another one under its number does.
        asks: row.state === 'pending' && asks.length === 0 ? ['contested'] : asks,
        company: body.company,
        place: body.place,
        signatory_title: body.signatory.title || null,
        signatory_name: body.signatory.name,
        signatory_address: body.signatory.address,
        checker_name: body.checker?.name ?? null,
        checker_address: body.checker?.address ?? null,
        phone: body.phone || null,
        title: body.title || null,
        section: body.section || null,
        remarks: body.remarks || null,
        individual: body.individual,
        extra: body.extra,
        declared_version: row.declared_version,
        confirmed_at: row.confirmed_at,
        accepted_version: row.accepted_version,
        unusable_at: row.unusable_at,
        decided_at: row.decided_at,
        replaced_by: row.replaced_by,
      };
    },
  };
}

/** A body belongs to one content of one number. */
function contextOf(row: Pick<RegistryRow, 'municipality' | 'form' | 'number_hash' | 'content_hash'>): string {
  return `registration:${row.municipality}:${row.form}:${row.number_hash}:${row.content_hash}`;
}

/** What settling one number needs to know of a row that was not erased. */
export function claimOf(row: Omit<ClaimRow, 'id'> | NewRegistryRow): Claim {
  const decided = 'decision' in row ? row : { decision: null, decided_at: null, replaced_by: null };
  return {
    appliedAt: row.applied_at,
    contentHash: row.content_hash,
    stands: row.signatory_hash !== null,
    asks: row.asks !== '[]',
    people: `${row.signatory_hash}|${row.checker_hash}`,
    decision: decided.decision,
    decidedAt: decided.decided_at,
    confirmed: row.confirmed_at !== null,
    replaced: decided.replaced_by !== null,
  };
}
