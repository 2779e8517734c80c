/** Reads who imports what from TypeScript sources, and holds that to a table of rules; works on any map of path → source. */
import { posix } from 'node:path';

/** Paths from the repository's root with forward slashes → source text. */
export type Sources = ReadonlyMap<string, string>;

/** What the files below `of` (a folder or one file) may import besides their own kind. */
export interface Rule {
  readonly of: string;
  /** Folders or files of ours; '*' for any. */
  readonly ours: readonly string[];
  /** Packages by name; '*' for any dependency. */
  readonly packages: readonly string[];
  /** False where Node's own modules would be I/O, clock or randomness in pure code. */
  readonly builtins: boolean;
}

export interface Imports {
  /** Specifiers as written. */
  readonly specifiers: readonly string[];
  /** import() or require() of something that is not a plain string: nobody can check it. */
  readonly computed: boolean;
}

const STATEMENT = /^(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'/gm;
const SIDE_EFFECT = /^import\s*'([^']+)'/gm;
const CALL =
  /(?:\bimport|\brequire|\brequire\.resolve|\bimport\.meta\.resolve|\bcreateRequire\([^)]*\)(?:\.resolve)?)\(\s*'([^']+)'/g;
const COMPUTED = /(?:\bimport|\brequire)\(\s*[^'\s)]/;
const COMMENT_LINE = /^\s*(?:\/\/|\/\*|\*).*$/gm;

export function importsOf(source: string): Imports {
  const code = source.replace(COMMENT_LINE, '');
  const found = [STATEMENT, SIDE_EFFECT, CALL].flatMap((pattern) => [...code.matchAll(pattern)]);
  const specifiers = new Set(found.map((match) => match[1]!));
  return { specifiers: [...specifiers].sort(), computed: COMPUTED.test(code) };
}

/** `a/b` of `a/b/c`, `@a/b` of `@a/b/c`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** One sentence for every import that the table or the list of dependencies does not allow. */
export function breaches(
  sources: Sources,
  rules: readonly Rule[],
  dependencies: readonly string[],
): string[] {
  return [...sources].flatMap(([file, source]) => {
    const rule = ruleFor(file, rules);
    if (!rule) return [`${file} belongs to no rule: add its folder to the table`];
    const { specifiers, computed } = importsOf(source);
    const said = specifiers.map((specifier) => judge(file, specifier, rule, sources, dependencies));
    if (computed) said.push(`${file} imports something computed, which cannot be checked`);
    return said.filter((sentence) => sentence !== undefined);
  });
}

function judge(
  file: string,
  specifier: string,
  rule: Rule,
  sources: Sources,
  dependencies: readonly string[],
): string | undefined {
  if (specifier.startsWith('node:')) {
    return rule.builtins ? undefined : `${file} imports ${specifier}, but ${rule.of} is pure`;
  }
  if (!specifier.startsWith('.')) {
    const name = packageOf(specifier);
    if (!dependencies.includes(name)) {
      return `${file} imports ${name}, which package.json does not list under dependencies`;
    }
    const allowed = rule.packages.includes('*') || rule.packages.includes(name);
    return allowed ? undefined : `${file} imports ${name}, which ${rule.of} may not`;
  }
  const target = resolved(file, specifier);
  if (!sources.has(target)) return `${file} imports ${target}, which is not there`;
  const allowed = rule.ours.includes('*') || [rule.of, ...rule.ours].some((prefix) => below(target, prefix));
  return allowed ? undefined : `${file} imports ${target}, which ${rule.of} may not`;
}

/** The rule with the longest path wins, so that a file or folder can be told apart from the folder around it. */
function ruleFor(file: string, rules: readonly Rule[]): Rule | undefined {
  return rules
    .filter(({ of }) => below(file, of))
    .sort((a, b) => b.of.length - a.of.length)
    .at(0);
}

function below(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

function resolved(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

/** Every way round: `a.ts → b.ts → a.ts`, types included, since a reader cannot read those top to bottom either. */
export function cycles(sources: Sources): string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const before = trail.indexOf(file);
    if (before >= 0) found.push([...trail.slice(before), file].join(' → '));
    if (before >= 0 || finished.has(file)) return;
    const relative = importsOf(sources.get(file) ?? '').specifiers.filter((name) => name.startsWith('.'));
    for (const specifier of relative) visit(resolved(file, specifier), [...trail, file]);
    finished.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return found;
}
