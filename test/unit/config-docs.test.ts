// docs/settings.md names every setting of the schema with its real default, and nothing else.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { objectShapes, unwrap } from '../../gateway/config/environment.ts';
import { schema } from '../../gateway/config/schema.ts';
import { type Config, loadConfig } from '../../gateway/config.ts';

type Schema = Parameters<typeof unwrap>[0];

/** Every setting below `target` as the manual writes it, lists as `[]`; plain levels are left out. */
function settingsBelow(target: Schema, path: string): string[] {
  const { def, nullable, defaultValue } = unwrap(target);
  const below = (shape: Readonly<Record<string, Schema>>): string[] =>
    Object.entries(shape).flatMap(([key, child]) =>
      settingsBelow(child, path === '' ? key : `${path}.${key}`),
    );
  if (def.type === 'object')
    return [...(nullable || defaultValue !== undefined ? [path] : []), ...below(def.shape)];
  if (def.type === 'union') return [path, ...objectShapes(def.options).flatMap(below)];
  if (def.type === 'array') {
    const { def: element } = unwrap(def.element);
    return element.type === 'object' ? [path, ...settingsBelow(def.element, `${path}[]`)] : [path];
  }
  return [path];
}

const manual = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8');
const rows = [...manual.matchAll(/^\| `([^`]+)` \| (.+?) \|/gm)].map(([, name = '', value = '']) => ({
  name,
  value,
}));

describe('docs/settings.md', () => {
  it('names every setting once and none that is not there', () => {
    // The heading of its table introduces the list of municipalities itself.
    const settings = new Set(settingsBelow(schema, '').filter((name) => name !== 'municipalities'));
    expect(rows.map(({ name }) => name).sort()).to.deep.equal([...settings].sort());
    expect(manual).to.include('（municipalities）');
  });

  it('shows an example that is right but for files that lie elsewhere', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keiyakubin-manual-'));
    const file = join(folder, 'example.yaml');
    writeFileSync(file, /```yaml\n([^`]+)```/.exec(manual)![1]!.replaceAll('/etc/keiyakubin', folder));
    for (const name of ['relay-password', 'signing.p12', 'passphrase', 'roots.pem']) {
      writeFileSync(join(folder, name), 'sample');
    }
    const outcome = loadConfig({ file, env: {} });
    rmSync(folder, { recursive: true });
    expect(outcome).to.not.have.property('problems');
  });

  it('gives the real defaults', () => {
    const config = loadConfig({ env: {} }) as Config;
    for (const { name, value } of rows) {
      if (name.includes('[]')) continue;
      const actual = name
        .split('.')
        .reduce<unknown>((here, key) => (here as Record<string, unknown> | null)?.[key], config);
      if (actual === null) expect(value, name).to.equal('なし');
      else if (typeof actual !== 'object' && actual !== undefined) {
        expect(value.replaceAll('`', ''), name).to.equal(String(actual));
      }
    }
  });
});
