/** `keiyakubin feed-import`: takes a registration CSV in (R1–R4) and tells the operator what became of every row. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { openDatabase } from '../../storage/database.ts';
import { importSentences } from '../../templates/registration.ja.ts';
import { importRegistrations } from '../app/import-registrations.ts';
import type { Config, Municipality } from '../config.ts';
import type { CommandIo } from './io.ts';

export interface FeedImportOptions {
  readonly file: string;
  /** Name of the e-application form the file comes from. */
  readonly form: string;
  /** The municipality's id; may be left out where the configuration has just one. */
  readonly municipality?: string;
  readonly config: Config;
}

/** Exit code: 0 all rows taken, 1 some refused, 2 nothing could be read. Needs no master key. */
export async function feedImport(options: FeedImportOptions, io: CommandIo): Promise<number> {
  const { file, form, config } = options;
  const municipality = chosen(config, options.municipality);
  if (typeof municipality === 'string') {
    io.err(municipality);
    return 2;
  }
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    io.err(importSentences.noFile(file));
    return 2;
  }
  const database = await openDatabase(config);
  try {
    const { id, name, signatoryModel } = municipality;
    const feed = { municipality: id, form, bytes, signatoryModel };
    const { encoding, rows, counts } = await importRegistrations({ database, clock: () => new Date() }, feed);
    const readable = encoding !== null;
    if (readable) {
      io.out(importSentences.taken(basename(file), name, form));
      io.out(importSentences.figures(counts));
    } else {
      io.err(importSentences.notTaken(basename(file)));
    }
    for (const { line, fate, receiptNumber, reasons } of rows) {
      if (fate === 'refused') io.err(importSentences.refusedRow(line, receiptNumber, reasons));
    }
    if (!readable) return 2;
    return counts.refused > 0 ? 1 : 0;
  } finally {
    await database.close();
  }
}

/** The municipality, or the sentence that says why it cannot be told. */
function chosen({ municipalities }: Config, id: string | undefined): Municipality | string {
  const ids = municipalities.map((municipality) => municipality.id);
  if (id === undefined) {
    return municipalities.length === 1 ? municipalities[0]! : importSentences.whichMunicipality(ids);
  }
  return (
    municipalities.find((municipality) => municipality.id === id) ?? importSentences.noMunicipality(id, ids)
  );
}
