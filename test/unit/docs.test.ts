/** What the documents name exists: files and sections they link to, and scripts they tell to run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../..');

/** Headings as GitHub names them in a link. */
function sectionsOf(file: string): string[] {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, words = '']) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('documents', () => {
  const manuals = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  for (const name of ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...manuals]) {
    it(`${name} links to files and sections that exist`, () => {
      const text = readFileSync(join(root, name), 'utf8');
      const missing = [...text.matchAll(/\]\(([^)#:]*)(?:#([^)]+))?\)/g)].filter(([, path = '', section]) => {
        const file = path === '' ? join(root, name) : join(root, dirname(name), path);
        return !existsSync(file) || (section !== undefined && !sectionsOf(file).includes(section));
      });
      expect(missing.map(([link]) => link)).to.deep.equal([]);
    });
  }

  it('README names scripts and commands that exist', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8');
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const match of text.matchAll(/npm run (\w+)/g)) expect(scripts).to.have.property(match[1]!);
    const cli = readFileSync(join(root, 'gateway/cli/keiyakubin.ts'), 'utf8');
    const commands = [...text.matchAll(/npx keiyakubin ([\w-]+)/g)].map((match) => match[1]!);
    expect(commands).not.to.have.length(0);
    for (const command of commands) expect(cli).to.match(new RegExp(`\\.command\\(\\s*'${command}\\b`));
  });

  it('licences.md names every package that an installation brings, with the licence of the locked version', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const text = readFileSync(join(root, 'docs/licences.md'), 'utf8');
    const named = [...text.matchAll(/^\| (\S+) \| ([^|]+) \|/gm)]
      .slice(2)
      .map(([, name, licence]) => [name, licence]);
    const brought = Object.keys(dependencies).map((name) => [name, packages[`node_modules/${name}`].license]);
    expect(named).to.deep.equal(brought);
  });
});
