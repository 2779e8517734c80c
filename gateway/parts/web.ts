/** The role web: the pages, the downloads and the feeds that are posted. */
import { fillingFaults, printSet } from '../../signing/index.ts';
import { COPY_MARK, type PageFrame } from '../../templates/index.ts';
import { consentDesk } from '../app/consent-desk.ts';
import { printDesk } from '../app/print-desk.ts';
import { registrationDesk } from '../app/registration-desk.ts';
import type { Config, Municipality } from '../config.ts';
import { openFonts, type SigningService } from '../jobs/identity.ts';
import { mayDo } from '../mail/rights.ts';
import { type FaceParts, faceOf } from '../web/face.ts';
import type { PostedForm } from '../web/feed.ts';
import { startWebServer } from '../web/server.ts';
import type { OnClose, Parts } from './core.ts';
import { faceParts } from './face.ts';
import { portTaken } from './listening.ts';

/** Gives the port. Without `signing` (another process is the worker) the fonts are read here. */
export async function startWeb(
  { config, municipalities, core, registrations, testAuthority }: Parts,
  signing: SigningService | null,
  onClose: OnClose,
): Promise<number> {
  const { database, clock, log, wake } = core;
  const fonts = signing?.fonts ?? openFonts(config.signing);
  const faces = new Map(
    config.municipalities.map((one) => [one.id, faceParts(one, config.web.maxLogoOctets)]),
  );
  const factorPolicyOf = (id: string): Municipality['secondFactor'] => municipalities.byId(id).secondFactor;
  const web = await startWebServer({
    ...config.web,
    desk: consentDesk({
      ...core,
      registry: registrations.registry,
      settings: config.contract,
      factorPolicyOf,
      fillingFaults: (source, values) => fillingFaults(source, { values, fonts }),
      mayApprove: (id, address) => mayDo(address, 'approver', municipalities.byId(id).staff),
    }),
    print: printDesk({
      ...core,
      settings: config.contract,
      printSet: (sources) =>
        printSet(sources, {
          mark: COPY_MARK,
          fonts,
          maxOctets: config.contract.printSetMaxOctets,
          maxPages: config.contract.printSetMaxPages,
        }),
    }),
    registrations: registrationDesk({ ...core, ...registrations, factorPolicyOf }),
    feed: {
      forms: postedForms(config),
      maxOctets: config.registration.postMaxOctets,
      take: registrations.importFeed,
      toldRows: (run) =>
        registrations.runs.rows(database.knex, run, {
          fates: ['refused', 'pending'],
          limit: config.registration.report.answeredRows,
        }),
      wake,
      log,
    },
    faces: [...faces.values()],
    municipalityOf: (id) => webMunicipality(municipalities.byId(id), testAuthority, faces),
    staffNetworks: new Map(
      config.municipalities.flatMap(({ id, staffNetworks }) =>
        staffNetworks.length === 0 ? [] : [[id, staffNetworks] as const],
      ),
    ),
    frame: frameOf(config.municipalities, testAuthority, faces),
    downloadDays: config.contract.downloadDays,
    takeBackAllowed: config.contract.takeBack,
    declineCharacters: config.contract.declineCharacters,
    questionCharacters: config.contract.questionCharacters,
    showOtherSignatories: config.contract.showOtherSignatories,
    clock,
    log,
  }).catch(portTaken('web.port', config.web));
  onClose(() => web.close());
  return web.port;
}

/** The forms that may be posted to: those that have a secret. */
function postedForms({ municipalities }: Config): PostedForm[] {
  return municipalities.flatMap(({ id, forms }) =>
    forms.flatMap(({ name, secret }) => (secret === null ? [] : [{ municipality: id, form: name, secret }])),
  );
}

/** A municipality among several must not be named to another one's vendor. */
function frameOf(
  municipalities: readonly Municipality[],
  testAuthority: boolean,
  faces: ReadonlyMap<string, FaceParts>,
): PageFrame {
  const [only, ...others] = municipalities;
  return others.length === 0
    ? webMunicipality(only!, testAuthority, faces).base
    : { municipality: null, desks: null, testAuthority };
}

function webMunicipality(
  { id, name, desks, signedBy, nameHolder, fileNamePattern, verificationAddress }: Municipality,
  testAuthority: boolean,
  faces: ReadonlyMap<string, FaceParts>,
): ReturnType<Parameters<typeof startWebServer>[0]['municipalityOf']> {
  const face = faceOf(faces.get(id)!);
  const base = { municipality: name, desks, testAuthority, face };
  return { base, signedBy, nameHolder, fileNamePattern, verificationAddress };
}
