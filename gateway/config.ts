// One YAML file plus environment variables over built-in defaults become one frozen, typed Config; every mistake is reported at once.
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { crossCheck } from './config/cross-checks.ts';
import { FILE_VARIABLE, formatPath, overlayEnvironment, type Path } from './config/environment.ts';
import type { Finding } from './config/finding.ts';
import { type Settings, schema } from './config/schema.ts';
import { readSecretFiles, secretsInFile } from './config/secrets.ts';
import { isAboutKeyFile } from './config/signing-rules.ts';

export { readLogo } from './config/face.ts';
export { usesTestAuthority } from './config/signing-rules.ts';

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** Every setting, validated; units stand in the names (…Seconds, …Days, …Octets). */
export type Config = Frozen<Settings>;
/** One municipality's settings. */
export type Municipality = Config['municipalities'][number];

/** What is wrong, one English line for each setting: `smtp.port: …`. */
export interface ConfigProblems {
  readonly problems: readonly string[];
}

/** Where the configuration comes from: `file` (else KEIYAKUBIN_CONFIG, else none) and the environment. */
export interface ConfigSource {
  readonly file?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Another process signs contracts and mails: the files of its keys need not be on this machine. */
  readonly keysElsewhere?: boolean;
}

/** Tells the two outcomes of `loadConfig` apart. */
export function isConfigProblems(outcome: Config | ConfigProblems): outcome is ConfigProblems {
  return 'problems' in outcome;
}

/** Reads file and environment; never throws for what an operator wrote. Relative paths count from the working directory. */
export function loadConfig(source: ConfigSource): Config | ConfigProblems {
  const file = source.file ?? source.env[FILE_VARIABLE];
  const yaml = file === undefined ? { input: {}, problems: [] } : readYaml(file);
  const overlay = overlayEnvironment(yaml.input, source.env);
  const concerns = (found: Finding): boolean => source.keysElsewhere !== true || !isAboutKeyFile(found);
  const findings: Finding[] = [
    ...secretsInFile(yaml.input),
    ...readSecretFiles(overlay.input).filter(concerns),
  ];

  const parsed = schema.safeParse(overlay.input);
  const shape = parsed.success ? [] : parsed.error.issues.flatMap(findingsOf);
  findings.push(...shape);
  const sound = parsed.success ? parsed.data : parseWithout(overlay.input, shape);
  if (sound) {
    const broken = new Set(shape.map(({ path }) => path[0]));
    findings.push(...crossCheck(sound).filter((found) => !broken.has(found.path[0]) && concerns(found)));
  }

  const problems = [
    ...yaml.problems,
    ...overlay.problems,
    ...findings.map((found) => describe(found, overlay.sources)),
  ];
  return parsed.success && problems.length === 0 ? (freeze(parsed.data) as Config) : { problems };
}

function readYaml(file: string): { input: unknown; problems: string[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { input: {}, problems: [`${file}: cannot be read`] };
  }
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return { input: {}, problems: document.errors.map((error) => `${file}: ${firstLine(error.message)}`) };
  }
  const input: unknown = document.toJS() ?? {};
  if (typeof input !== 'object' || Array.isArray(input)) {
    return { input: {}, problems: [`${file}: must be a list of "setting: value" lines`] };
  }
  return { input, problems: [] };
}

/** One finding for each unknown key; zod names them together at their parent. */
function findingsOf(issue: {
  path: PropertyKey[];
  message: string;
  code: string;
  keys?: string[];
}): Finding[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({ path: [...path, key], message: 'no such setting' }));
  }
  return [{ path, message: issue.message.replace(/^Invalid input: /, '') }];
}

/** The same input without its bad values, so that rules between the sound ones are reported in the same run. */
function parseWithout(input: unknown, findings: readonly Finding[]): Settings | null {
  const rest = structuredClone(input);
  for (const { path } of findings) {
    let here = rest as Record<string | number, unknown> | undefined;
    for (const step of path.slice(0, -1)) here = here?.[step] as typeof here;
    const last = path.at(-1);
    if (here && last !== undefined && !Array.isArray(here)) delete here[last];
  }
  return schema.safeParse(rest).data ?? null;
}

function describe({ path, message }: Finding, sources: ReadonlyMap<string, string>): string {
  const setting = formatPath(path as Path);
  const variable = sources.get(setting);
  return `${setting}${variable ? ` (from ${variable})` : ''}: ${message}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
