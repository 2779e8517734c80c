// Environment variables over the YAML file: KEIYAKUBIN_ + the setting's path, `__` between levels.
import { parse } from 'yaml';
import type { z } from 'zod';
import { schema } from './schema.ts';

const PREFIX = 'KEIYAKUBIN_';
/** Names the configuration file itself, so it is no setting. */
export const FILE_VARIABLE = `${PREFIX}CONFIG`;

/** Names that platforms set by themselves; our own name beside one counts more. */
const PLAIN_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  ['BLOB_URL', 'DATABASE_URL', 'REDIS_URL'].map((name) => [name, `${PREFIX}${name}`]),
);

/** One step of a path into the configuration: a key or a list index. */
export type Path = readonly (string | number)[];

/** What the environment asked for: the merged input, which variable set which path, and variables that name nothing. */
export interface Overlay {
  readonly input: unknown;
  readonly sources: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

type Schema = z.core.$ZodType;
type Container = Record<string, unknown> | unknown[];

interface Setting {
  readonly key: string | number;
  readonly schema: Schema;
}

/** `smtp.relays[0].name`, as problems print it. */
export function formatPath(path: Path): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('');
}

/** Lays every KEIYAKUBIN_ variable over `input` (the parsed YAML), converting each text to its setting's type. */
export function overlayEnvironment(
  input: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Overlay {
  const merged: Record<string, unknown> = isRecord(input) ? structuredClone(input) : {};
  const sources = new Map<string, string>();
  const problems: string[] = [];
  const plain = Object.keys(PLAIN_NAMES).filter((variable) => env[PLAIN_NAMES[variable]!] === undefined);
  for (const variable of [
    ...plain,
    ...Object.keys(env)
      .filter((name) => name.startsWith(PREFIX))
      .sort(),
  ]) {
    const text = env[variable];
    const own = PLAIN_NAMES[variable] ?? variable;
    if (own === FILE_VARIABLE || text === undefined) continue;
    const steps = own.slice(PREFIX.length).split('__');
    const settings = walk(schema, steps);
    if (!settings) {
      problems.push(`${variable}: names no setting`);
      continue;
    }
    assign(merged, settings, text);
    sources.set(formatPath(settings.map(({ key }) => key)), variable);
  }
  return { input: merged, sources, problems };
}

/** The settings that the variable's steps lead through; null when a step leads nowhere. */
function walk(rootSchema: Schema, steps: readonly string[]): Setting[] | null {
  const settings: Setting[] = [];
  let here = rootSchema;
  for (const step of steps) {
    const child = childOf(here, step);
    if (!child) return null;
    settings.push(child);
    here = child.schema;
  }
  return settings;
}

/** Writes the converted text at the end of the way, creating the levels before it. */
function assign(root: Container, settings: readonly Setting[], text: string): void {
  let slots = root as Record<string | number, unknown>;
  for (const [i, { key, schema: target }] of settings.entries()) {
    if (i === settings.length - 1) {
      slots[key] = convert(target, text);
      return;
    }
    slots[key] ??= startingValue(target);
    const next = slots[key];
    // The file holds a plain value where a level is needed: the schema will report it.
    if (typeof next !== 'object' || next === null) return;
    slots = next as Record<string | number, unknown>;
  }
}

/** The setting or list element one step below `parent`: keys match without case and underscores. */
function childOf(parent: Schema, step: string): Setting | null {
  const { def } = unwrap(parent);
  if (def.type === 'array') {
    return /^\d{1,3}$/.test(step) ? { key: Number(step), schema: def.element } : null;
  }
  const shapes = def.type === 'object' ? [def.shape] : def.type === 'union' ? objectShapes(def.options) : [];
  const wanted = step.replaceAll('_', '').toLowerCase();
  for (const shape of shapes) {
    for (const [key, child] of Object.entries(shape)) {
      if (key.toLowerCase() === wanted) return { key, schema: child };
    }
  }
  return null;
}

/** A list that is only touched starts from its default; everything else from nothing. */
function startingValue(target: Schema): Container {
  const { def, defaultValue } = unwrap(target);
  if (isRecord(defaultValue) || Array.isArray(defaultValue)) return structuredClone(defaultValue);
  return def.type === 'array' ? [] : {};
}

/** The text as the setting's type wants it; what does not convert stays text, and the schema reports it. */
function convert(target: Schema, text: string): unknown {
  const { def, nullable } = unwrap(target);
  if (nullable && (text === '' || text === 'null')) return null;
  if (def.type === 'number')
    return text.trim() === '' ? text : Number.isNaN(Number(text)) ? text : Number(text);
  if (def.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (!['array', 'object', 'record', 'union'].includes(def.type)) return text;
  try {
    return parse(text);
  } catch {
    return text;
  }
}

/** The schema inside defaults, nullables and optionals, with what those wrappers said. */
export function unwrap(target: Schema): {
  def: z.core.$ZodTypes['_zod']['def'];
  nullable: boolean;
  defaultValue: unknown;
} {
  let def = (target as z.core.$ZodTypes)._zod.def;
  let nullable = false;
  let defaultValue: unknown;
  for (;;) {
    if (def.type === 'default') defaultValue = def.defaultValue;
    if (def.type === 'nullable') nullable = true;
    const inner =
      def.type === 'default' || def.type === 'prefault' || def.type === 'nullable' || def.type === 'optional'
        ? def.innerType
        : def.type === 'pipe'
          ? def.in
          : null;
    if (!inner) return { def, nullable, defaultValue };
    def = (inner as z.core.$ZodTypes)._zod.def;
  }
}

/** The key → schema tables of a union's object members. */
export function objectShapes(options: readonly Schema[]): Readonly<Record<string, Schema>>[] {
  return options.flatMap((option) => {
    const { def } = unwrap(option);
    return def.type === 'object' ? [def.shape] : [];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
