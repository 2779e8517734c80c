// Who may import whom: one table for our folders and for packages, held against every import in the repository.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { breaches, cycles, importsOf, type Rule, type Sources } from './support/imports.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const FACES_OF_SIGNING = ['signing/index.ts', 'signing/ports.ts', 'signing/cms/index.ts'];
/** Opens keys with legal effect: one file alone may (R59). */
const KEYS = 'signing/credentials/index.ts';
const PDF_AND_CRYPTO = ['@signpdf/signpdf', '@signpdf/utils', 'fontkit', 'node-forge', 'pdf-lib'];

const pure = (of: string, ours: readonly string[], packages: readonly string[] = []): Rule => ({
  of,
  ours,
  packages,
  builtins: false,
});
const rule = (of: string, ours: readonly string[], packages: readonly string[] = []): Rule => ({
  of,
  ours,
  packages,
  builtins: true,
});

/** Everything may import its own kind; what else, stands here. */
const RULES: readonly Rule[] = [
  // What a contract is knows nothing of mail, storage, PDF or time.
  pure('gateway/contract', []),
  pure('gateway/registration', ['gateway/mail/address.ts']),
  pure('templates', [], ['mjml']),

  rule('storage', [], ['@aws-sdk/client-s3', 'knex', 'pg']),
  rule('signing', [], PDF_AND_CRYPTO),
  rule('signing/pdf', ['signing/ports.ts'], PDF_AND_CRYPTO),
  rule('signing/cms', ['signing/ports.ts'], PDF_AND_CRYPTO),
  rule('signing/credentials', ['signing/ports.ts', 'signing/cms'], [...PDF_AND_CRYPTO, 'pkcs11js']),

  rule('gateway/config.ts', ['gateway/config'], ['yaml']),
  rule(
    'gateway/config',
    [
      'gateway/mail/address.ts',
      'gateway/mail/dkim.ts',
      'templates/pages/face.ts',
      'templates/wording.ts',
      'gateway/mail/file-name-pattern.ts',
      'gateway/mail/parse-limits.ts',
      'gateway/registration',
    ],
    ['yaml', 'zod'],
  ),
  rule('gateway/log.ts', [], ['pino']),
  rule('gateway/passwords.ts', []),
  rule('gateway/client-network.ts', [], ['ipaddr.js']),
  rule('gateway/window-counts.ts', []),
  rule('gateway/roles.ts', ['gateway/config.ts']),
  rule('gateway/tls-files.ts', []),
  rule('gateway/turns.ts', []),

  // Adapters: they translate, app decides.
  rule(
    'gateway/smtp',
    [
      'gateway/client-network.ts',
      'gateway/mail/transport.ts',
      'gateway/passwords.ts',
      'gateway/window-counts.ts',
    ],
    ['ipaddr.js', 'smtp-server'],
  ),
  rule(
    'gateway/mail',
    ['gateway/contract', 'templates'],
    ['encoding-japanese', 'mailauth', 'mailparser', 'nodemailer'],
  ),
  rule(
    'gateway/web',
    [
      'gateway/app',
      'gateway/client-network.ts',
      'gateway/contract',
      'gateway/mail/facts.ts',
      'gateway/tls-files.ts',
      'gateway/turns.ts',
      'gateway/window-counts.ts',
      'storage/blobs/blobs.ts',
      'templates',
    ],
    [
      '@fastify/formbody',
      '@fastify/helmet',
      '@fastify/rate-limit',
      '@fastify/static',
      'fastify',
      'pino',
      'range-parser',
      'yazl',
    ],
  ),

  rule(
    'gateway/app',
    [
      'gateway/contract',
      'gateway/mail',
      'gateway/passwords.ts',
      'gateway/registration',
      'storage',
      'templates',
    ],
    ['pino'],
  ),
  rule(
    'gateway/jobs',
    [
      'gateway/app',
      'gateway/config.ts',
      'gateway/contract',
      'gateway/mail',
      'storage',
      'templates',
      ...FACES_OF_SIGNING,
    ],
    ['@expo-google-fonts/noto-sans-jp', '@holiday-jp/holiday_jp', 'bull', 'pdfjs-dist', 'pino'],
  ),
  rule('gateway/jobs/open-keys.ts', [
    'gateway/app/credential-expiry.ts',
    'gateway/config.ts',
    'gateway/jobs/mail-signing.ts',
    'gateway/jobs/signing-key.ts',
    'gateway/mail/smime.ts',
    KEYS,
    ...FACES_OF_SIGNING,
  ]),
  rule(
    'gateway/cli',
    [
      'gateway/app',
      'gateway/config.ts',
      'gateway/jobs/certificate-files.ts',
      'gateway/jobs/identity.ts',
      'gateway/jobs/renewal-figures.ts',
      'gateway/jobs/renewal-run.ts',
      'gateway/log.ts',
      'gateway/main.ts',
      'gateway/parts/face.ts',
      'gateway/passwords.ts',
      'gateway/registration/index.ts',
      'gateway/roles.ts',
      'storage',
      'templates',
      ...FACES_OF_SIGNING,
    ],
    ['@digital-go-jp/design-tokens', 'cac', 'yaml'],
  ),

  // Whoever puts the parts together has to know them.
  rule('gateway/main.ts', ['*'], ['*']),
  rule('gateway/parts', ['*'], ['*']),
  rule('demo', ['*'], ['*']),
  rule('knexfile.ts', ['storage', 'gateway/config.ts']),
];

/** Every TypeScript file that is shipped or shown; tests and measurements are free. */
function repository(): Sources {
  const roots = ['gateway', 'templates', 'signing', 'storage', 'demo', 'knexfile.ts'];
  const paths = roots
    .filter((root) => existsSync(join(ROOT, root)))
    .flatMap((root) =>
      root.endsWith('.ts')
        ? [root]
        : readdirSync(join(ROOT, root), { recursive: true, encoding: 'utf8' }).map((path) =>
            join(root, path).replaceAll('\\', '/'),
          ),
    );
  return new Map(
    paths
      .filter((path) => path.endsWith('.ts'))
      .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]),
  );
}

describe('architecture', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const listed = Object.keys(dependencies);

  it('lets files import what the table allows, and packages that are shipped', () => {
    expect(breaches(repository(), RULES, listed).join('\n')).to.equal('');
  });

  it('has no file that imports itself, however far around', () => {
    expect(cycles(repository()).join('\n')).to.equal('');
  });

  it('lets one file open keys with legal effect: neither the command line nor whoever puts the parts together', () => {
    const opens = (source: string) =>
      importsOf(source).specifiers.some((name) => /\/credentials\/(?!test-authority)/.test(name));
    const openers = [...repository()].filter(([, source]) => opens(source)).map(([file]) => file);
    expect(openers).to.deep.equal(['gateway/jobs/open-keys.ts']);
  });

  it('reads all of the repository', () => {
    const sources = repository();
    expect(sources.size).to.be.greaterThan(100);
    for (const { of } of RULES.filter(({ of }) => of !== 'knexfile.ts')) {
      expect(
        [...sources.keys()].some((path) => path === of || path.startsWith(`${of}/`)),
        of,
      ).to.equal(true);
    }
  });

  describe('finds', () => {
    const core = ['gateway/contract/decide.ts', 'export const decide = 1;'] as const;
    const found = (...files: (readonly [string, string])[]): string[] =>
      breaches(new Map([core, ...files]), RULES, ['knex', 'zod']);

    it('an import the table does not allow, from whichever statement', () => {
      const database = ['storage/database.ts', 'export const open = 1;'] as const;
      for (const statement of [
        "import { open } from '../../storage/database.ts';",
        "import type { open } from '../../storage/database.ts';",
        "import {\n  open,\n} from '../../storage/database.ts';",
        "export { open } from '../../storage/database.ts';",
        "export * from '../../storage/database.ts';",
        "import '../../storage/database.ts';",
        "const { open } = await import('../../storage/database.ts');",
        "type Open = typeof import('../../storage/database.ts');",
      ]) {
        expect(found(database, ['gateway/contract/bad.ts', statement]), statement).to.deep.equal([
          'gateway/contract/bad.ts imports storage/database.ts, which gateway/contract may not',
        ]);
      }
      const allowed = ['gateway/app/good.ts', "import { open } from '../../storage/database.ts';"] as const;
      expect(found(database, allowed)).to.deep.equal([]);
    });

    it('one of Node’s modules in pure code', () => {
      expect(found(['gateway/contract/bad.ts', "import { readFileSync } from 'node:fs';"])).to.deep.equal([
        'gateway/contract/bad.ts imports node:fs, but gateway/contract is pure',
      ]);
    });

    it('a package that belongs elsewhere, and one that is not shipped', () => {
      expect(found(['storage/bad.ts', "import { z } from 'zod';"])).to.deep.equal([
        'storage/bad.ts imports zod, which storage may not',
      ]);
      expect(found(['gateway/main.ts', "import { expect } from 'chai';"])).to.deep.equal([
        'gateway/main.ts imports chai, which package.json does not list under dependencies',
      ]);
      expect(found(['storage/good.ts', "const C = require('knex/lib/client.js');"])).to.deep.equal([]);
    });

    it('a file that is not there, a folder without a rule, an import nobody can check', () => {
      expect(found(['storage/bad.ts', "import './gone.ts';"])).to.deep.equal([
        'storage/bad.ts imports storage/gone.ts, which is not there',
      ]);
      expect(found(['elsewhere/new.ts', ''])).to.have.length(1);
      expect(found(['storage/bad.ts', 'const x = await import(name);'])).to.have.length(1);
    });

    it('a cycle, and each file on the way', () => {
      const planted = new Map([
        ['storage/a.ts', "import './b.ts';"],
        ['storage/b.ts', "import type { C } from './deep/c.ts';"],
        ['storage/deep/c.ts', "export { a } from '../a.ts';"],
        ['storage/d.ts', "import './a.ts';"],
      ]);
      expect(cycles(planted)).to.deep.equal([
        'storage/a.ts → storage/b.ts → storage/deep/c.ts → storage/a.ts',
      ]);
      planted.set('storage/deep/c.ts', '');
      expect(cycles(planted)).to.deep.equal([]);
    });

    it('no import in comments or in what only mentions one', () => {
      const source = [
        "// import { a } from 'a';",
        "/** See import('b'). */",
        " * export * from 'c';",
        "const text = 'read from the file';",
        "export const from = 'd';",
      ].join('\n');
      expect(importsOf(source)).to.deep.equal({ specifiers: [], computed: false });
    });
  });
});
