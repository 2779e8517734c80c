/** The files of docs/install fit each other and the gateway: settings that load, places that agree. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Config, loadConfig, usesTestAuthority } from '../../gateway/config.ts';

const guide = join(import.meta.dirname, '../../docs/install');
const read = (name: string): string => readFileSync(join(guide, name), 'utf8');
const settings = read('keiyakubin.yaml');
const unit = read('keiyakubin.service');

describe('docs/install', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'keiyakubin-install-'));
    for (const name of ['relay-password', 'signing.p12', 'passphrase', 'roots.pem']) {
      writeFileSync(join(folder, name), 'sample');
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  /** The settings as they are once their files are there. */
  function load(text: string): Config {
    const file = join(folder, 'keiyakubin.yaml');
    writeFileSync(file, text.replaceAll('/etc/keiyakubin', folder));
    const outcome = loadConfig({ file, env: {} });
    expect(outcome).to.not.have.property('problems');
    return outcome as Config;
  }

  it('has settings that start a trial', () => {
    expect(usesTestAuthority(load(settings))).to.equal(true);
  });

  it('has settings for contracts with legal effect behind their comments', () => {
    const real = settings
      .replace(/^ {2}allowTestAuthority.*\n/m, '')
      .replace(/^ {2}# (?=[a-zA-Z]+: )/gm, '  ');
    const config = load(real);
    expect(usesTestAuthority(config)).to.equal(false);
    expect(config.signing.allowTestAuthority).to.equal(false);
  });

  it('keeps data, their copy and the master key in the places that the units name', () => {
    const data = `/var/lib/${/^StateDirectory=(.+)$/m.exec(unit)![1]}`;
    expect(settings)
      .to.include(`dataDirectory: ${data}\n`)
      .and.to.match(/^masterKeyFile: \/etc\/keiyakubin\//m);
    const [from, to] = /^ExecStart=(.+)$/m.exec(read('keiyakubin-backup.service'))![1]!.split(' ').slice(-2);
    expect(from, 'what is copied').to.equal(data);
    expect(read('README.md')).to.include(` ${to}\n`);
  });

  it('starts the same program with the same settings as a service and as a command', () => {
    const program = /\/usr\/bin\/node (\S+)/;
    const place = /KEIYAKUBIN_CONFIG=\S+/;
    expect(program.exec(read('keiyakubin'))![1]).to.equal(program.exec(unit)![1]);
    expect(place.exec(read('keiyakubin'))![0]).to.equal(place.exec(unit)![0]);
    const source = program.exec(unit)![1]!.replace('/opt/keiyakubin/dist', join(guide, '../..'));
    expect(statSync(source.replace(/js$/, 'ts')).isFile()).to.equal(true);
  });

  it('reloads with the signal that the process takes certificates on at', () => {
    expect(unit).to.match(/^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  });

  it('reads secrets of the environment from one file as a service and as a command', () => {
    const file = /^EnvironmentFile=-(\S+)$/m.exec(unit)![1]!;
    expect(read('keiyakubin')).to.include(`. ${file};`);
    expect(read('README.md')).to.include(`\`${file}\``);
  });

  it('has scripts that can be run', () => {
    for (const name of ['keiyakubin', 'keiyakubin-backup']) {
      expect(statSync(join(guide, name)).mode & 0o111, name).to.equal(0o111);
    }
  });
});
