/** `keiyakubin feed import`: takes a registration feed in (R1–R11) and tells the operator what became of every row. */
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { openDatabase, type Tx } from '../../storage/database.ts';
import { openMasterKey } from '../../storage/keys.ts';
import { importSentences } from '../../templates/registration.ja.ts';
import { type FeedRuns, feedRuns } from '../app/feed-runs.ts';
import { importFeed } from '../app/import-registrations.ts';
import type { FeedRunRow } from '../app/registration-types.ts';
import type { Config, Municipality } from '../config.ts';
import { resolveForm } from '../registration/index.ts';
import type { CommandIo } from './io.ts';

export interface FeedImportOptions {
  readonly file: string;
  /** Name of the e-application form the file comes from. */
  readonly form: string;
  /** The municipality's id; may be left out where the configuration has just one. */
  readonly municipality?: string;
  readonly config: Config;
}

/** How often the operator hears how far it is. */
const ROWS_PER_NEWS = 10_000;
const ROWS_PER_PAGE = 1000;

/** Exit code: 0 all rows taken, 1 some refused, 2 nothing could be read. */
export async function feedImport(options: FeedImportOptions, io: CommandIo): Promise<number> {
  const { file, config } = options;
  const municipality = chosen(config, options.municipality);
  if (typeof municipality === 'string') {
    io.err(municipality);
    return 2;
  }
  const settings = formNamed(municipality, options.form);
  if (typeof settings === 'string') {
    io.err(settings);
    return 2;
  }
  try {
    await access(file);
  } catch {
    io.err(importSentences.noFile(file));
    return 2;
  }
  const database = await openDatabase(config);
  try {
    const master = await openMasterKey(database.knex, config);
    const form = resolveForm(settings, municipality.signatoryModel);
    const run = await importFeed(
      { database, master, clock: () => new Date(), settings: config.registration },
      {
        municipality: municipality.id,
        form,
        origin: { way: 'command', reference: basename(file) },
        source: createReadStream(file),
        onProgress: (rows) => {
          if (rows % ROWS_PER_NEWS === 0) io.err(importSentences.progress(rows));
        },
      },
    );
    if (run.readable) {
      io.out(importSentences.taken(basename(file), municipality.name, form.name));
      io.out(importSentences.figures(run.counts));
    } else {
      io.err(importSentences.notTaken(basename(file)));
    }
    for await (const row of toldRows(feedRuns(master), database.knex, run.id)) {
      io.err(importSentences.refusedRow(row.line, row.receiptNumber, row.reasons));
    }
    if (!run.readable) return 2;
    return run.counts.refused > 0 ? 1 : 0;
  } finally {
    await database.close();
  }
}

/** Rows that were refused or wait for staff. */
async function* toldRows(runs: FeedRuns, tx: Tx, run: string): AsyncGenerator<FeedRunRow> {
  let after = 0;
  for (;;) {
    const page = await runs.rows(tx, run, { fates: ['refused', 'pending'], after, limit: ROWS_PER_PAGE });
    yield* page;
    if (page.length < ROWS_PER_PAGE) return;
    after = page.at(-1)!.line;
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

function formNamed({ forms }: Municipality, name: string): Municipality['forms'][number] | string {
  const wanted = name.normalize('NFKC');
  const names = forms.map((form) => form.name);
  return forms.find((form) => form.name.normalize('NFKC') === wanted) ?? importSentences.noForm(name, names);
}
