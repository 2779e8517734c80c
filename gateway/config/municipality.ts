// One municipality's settings: its addresses, people, desks and wording (R21, R55, R58, R59).
import { z } from 'zod';
import { patternProblem } from '../mail/file-name-pattern.ts';
import { checks, rollout } from './checks.ts';
import { credential, fileCredential } from './credential.ts';
import { face } from './face.ts';
import { form, standardForm } from './form.ts';
import { address, name } from './values.ts';

/** 20261201_見本村_1100000_件名: what 電子帳簿保存法 has searched for comes first. */
const FILE_NAMES = '{契約日}_{相手方または自治体}_{金額}_{件名}';

/** Mail in contracts; consent for the municipality. */
const WORKING_RIGHTS = ['initiator', 'approver'] as const;
/** … and agree to an address that is not registered (R4). */
const DOMAIN_RIGHTS = [...WORKING_RIGHTS, 'second'] as const;

const staffMember = z.strictObject({
  address,
  /** As greeted, without 様. */
  name,
  /** 課・係. */
  section: name,
  phone: name,
  /** What this person may do; `auditor`: reads all contracts; `operator`: hears of mail that is held back. */
  rights: z.array(z.enum([...DOMAIN_RIGHTS, 'auditor', 'operator'])).default([...WORKING_RIGHTS]),
  /** Several people read this mailbox: nobody can consent from it. */
  shared: z.boolean().default(false),
});

const staff = z.strictObject({
  /** Every address of these domains is staff. */
  domains: z.array(z.hostname().toLowerCase()).min(1, 'at least one staff domain is needed'),
  /** What those may do whom `members` does not name. */
  domainRights: z.array(z.enum(DOMAIN_RIGHTS)).default([...WORKING_RIGHTS]),
  /** People known by name; also staff where their domain is not listed. */
  members: z.array(staffMember).default([]),
});

const desks = z.strictObject({
  /** Who answers questions on a contract where the initiator's section is unknown. */
  contract: z.strictObject({ section: name, phone: name }),
  /** Who answers questions on handling. */
  operation: z.strictObject({ name, phone: name, hours: name }),
});

/** A municipality as configured. */
export const municipality = z.strictObject({
  /** Short name in paths, commands and logs; never changes once contracts exist. */
  id: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a-z, 0-9 and "-", at most 32, a letter first'),
  name,
  /** Put a space before 様 in the request mail's subject (R21). */
  spaceBeforeHonorific: z.boolean().default(false),
  /** The fixed address contracts are mailed to and all mail comes from (R13, R22). */
  address,
  /** Further addresses that reach this municipality. */
  aliases: z.array(address).default([]),
  /** Whoever mails a PDF here hears whether it is as it was sealed (R45); null: no such address. */
  verificationAddress: address.nullable().default(null),
  /** Staff mail the form's CSV here, form systems their notifications (R1); null: no such address. */
  registrationAddress: address.nullable().default(null),
  /** `plus`: replies carry their secret in `keiyaku+secret@`; `none`: in Message-ID and References. */
  subaddressing: z.enum(['plus', 'none']).default('plus'),
  /** An envelope sender of its own for each mail, so that bounces are matched to it. */
  verp: z.boolean().default(true),
  /** Signs all mail in the name of the address's domain (RFC 6376); null: the relay does, or nobody. */
  dkim: z
    .strictObject({
      /** The domain of `address` or one above it. */
      domain: z.hostname().toLowerCase(),
      /** The public key stands in DNS at `<selector>._domainkey.<domain>`. */
      selector: z
        .string()
        .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i, 'must be a DNS name'),
      /** RSA private key in PEM, at least 2048 bits. */
      keyFile: name,
    })
    .nullable()
    .default(null),
  /** Signs all mail so that recipients' programs show who sent it (S/MIME, RFC 8551); null: no such signature. */
  smime: fileCredential.nullable().default(null),
  staff,
  /** CIDR networks from which the approver's page and staff downloads open (R52); empty: from everywhere. */
  staffNetworks: z.array(z.union([z.cidrv4(), z.cidrv6()])).default([]),
  /** Besides its link a vendor's page asks for: `none`, nothing but where the contract mail names an access code; `code`, always one; `pin`, of signatories the PIN they chose with their registration, else a code (R52). */
  secondFactor: z.enum(['none', 'code', 'pin']).default('none'),
  desks,
  /** How the pages look and what they say in the municipality's own words. */
  face: face.prefault({}),
  /** Who is told how a renewal run or an import of registrations went; empty: `operator.addresses`. */
  reportAddresses: z.array(address).default([]),
  /** Where a vendor registers its address; stands in every refusal for want of a registration (R1). */
  formUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  /** `standing`: a vendor registers once; `perContract`: for each contract (R3). */
  signatoryModel: z.enum(['standing', 'perContract']).default('perContract'),
  /** The e-application forms that registrations come from. */
  forms: z.array(form).min(1, 'at least one form is needed').default([standardForm]),
  /** What is looked into before a contract leaves (R5, R18, R19). */
  checks: checks.prefault({}),
  /** Which contracts may be electronic (R57). */
  rollout: rollout.prefault({}),
  /** Who operates the signing key, as mails and certificate say it (R59). */
  signedBy: name,
  /** 名義人 of the municipality's contracts. */
  nameHolder: name,
  /** Location in the signature dictionary (R31). */
  location: name.default('日本'),
  /** What executed files are called: placeholders in braces, the document's own name is added where there are several (R50). */
  fileNamePattern: name
    .superRefine((pattern, context) => {
      const message = patternProblem(pattern);
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .default(FILE_NAMES),
  signing: z
    .strictObject({
      /** A signing key of its own; null signs with the installation's. */
      credential: credential.nullable().default(null),
    })
    .prefault({}),
});

function sampleMember(address: string, name: string, section: string): z.output<typeof staffMember> {
  const phone = '00-0000-0001';
  return { address, name, section, phone, rights: ['initiator', 'approver'], shared: false };
}

/** The municipality that stands in until the operator names their own. */
export const sampleMunicipality: z.output<typeof municipality> = {
  id: 'mihon',
  name: '見本市',
  spaceBeforeHonorific: false,
  address: 'keiyaku@mihon.example.jp',
  aliases: [],
  verificationAddress: 'kensho@mihon.example.jp',
  registrationAddress: 'touroku@mihon.example.jp',
  subaddressing: 'plus',
  verp: true,
  dkim: null,
  smime: null,
  staff: {
    domains: ['mihon.example.jp'],
    domainRights: ['initiator', 'approver'],
    members: [
      sampleMember('sato@mihon.example.jp', '佐藤花子', '総務課管財係'),
      sampleMember('suzuki@mihon.example.jp', '鈴木一郎', '総務課'),
    ],
  },
  staffNetworks: [],
  secondFactor: 'none',
  desks: {
    contract: { section: '総務課管財係', phone: '00-0000-0001' },
    operation: {
      name: 'ヘルプデスク',
      phone: '00-0000-0000',
      hours: '平日10:00～18:00、土日及び祝日は除きます。',
    },
  },
  face: face.parse({}),
  reportAddresses: [],
  formUrl: 'https://shinsei.mihon.example.jp/keiyaku',
  signatoryModel: 'perContract',
  forms: [standardForm],
  checks: checks.parse({}),
  rollout: rollout.parse({}),
  signedBy: '見本市（電子契約サービス契約便の運用者）',
  nameHolder: '見本市長',
  location: '日本',
  fileNamePattern: FILE_NAMES,
  signing: { credential: null },
};
