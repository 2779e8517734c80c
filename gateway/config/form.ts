// One e-application form's settings: which header means what, how its files are written, which ways they come in (R1–R3).
import { z } from 'zod';
import { COLUMN_NAMES } from '../registration/columns.ts';
import { APPLICATION_STATUSES, DELIMITERS, FEED_ENCODINGS, PRESET_NAMES } from '../registration/forms.ts';
import { formWays } from './registration.ts';
import { name } from './values.ts';

const headers = z.array(name);

/** A form as configured; `resolveForm` puts its ready-made mapping below it. */
export const form = z.strictObject({
  /** Receipt numbers are unique within one; never changes once registrations exist. */
  name: name.regex(/^[^\s/+@]{1,40}$/, 'must be 1 to 40 characters without blank, "/", "+" and "@"'),
  /** Ready-made mapping that the settings below differ from. */
  preset: z.enum(PRESET_NAMES).default('標準'),
  /** `standing`: a vendor registers once; `perContract`: for each contract (R3); null: as the municipality's. */
  model: z.enum(['standing', 'perContract']).nullable().default(null),
  /** The section in charge where a row names none; null: none. */
  section: name.nullable().default(null),
  /** Headers that mean a column, instead of those of the ready-made mapping; none: the form does not ask for it. */
  fields: z.partialRecord(z.enum(COLUMN_NAMES), headers).default({}),
  /** Columns that a file may lack altogether; null: those of the ready-made mapping. */
  optional: z.array(z.enum(COLUMN_NAMES)).nullable().default(null),
  /** Values of 処理状況 by what they mean, instead of those of the ready-made mapping. */
  statuses: z.partialRecord(z.enum(APPLICATION_STATUSES), headers).default({}),
  /** Headers that mean nothing to us but are kept with the registration. */
  keep: headers.default([]),
  /** How files are encoded; `auto` looks at their octets. */
  encoding: z.enum(['auto', ...FEED_ENCODINGS]).default('auto'),
  /** What stands between two values; `auto` looks at the header. */
  delimiter: z.enum(['auto', ...(Object.keys(DELIMITERS) as (keyof typeof DELIMITERS)[])]).default('auto'),
  ...formWays,
});

/** The form of docs/touroku-csv.md, where the operator names none. */
export const standardForm: z.output<typeof form> = form.parse({ name: '標準' });
