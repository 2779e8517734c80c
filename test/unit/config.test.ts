// Configuration: defaults, one YAML file, environment on top, and every mistake in one report.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Config, type ConfigSource, isConfigProblems, loadConfig } from '../../gateway/config.ts';

describe('configuration', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'keiyakubin-config-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function write(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }
  function load(yaml: string, env: ConfigSource['env'] = {}): Config {
    const outcome = loadConfig({ file: write('config.yaml', yaml), env });
    if (isConfigProblems(outcome)) throw new Error(outcome.problems.join('\n'));
    return outcome;
  }
  function problems(yaml: string, env: ConfigSource['env'] = {}): readonly string[] {
    const outcome = loadConfig({ file: write('config.yaml', yaml), env });
    return isConfigProblems(outcome) ? outcome.problems : [];
  }

  it('asks for the files of keys only where keys are used', () => {
    const [municipality] = (loadConfig({ env: {} }) as Config).municipalities;
    const pkcs12 = { type: 'pkcs12', file: '/nowhere.p12', passphraseFile: '/nowhere/passphrase' };
    const own = {
      ...municipality,
      ...{ id: 'other', address: 'keiyaku@other.example.jp' },
      ...{ registrationAddress: null, verificationAddress: null },
      smime: pkcs12,
      dkim: { domain: 'other.example.jp', selector: 'k1', keyFile: '/nowhere.key' },
      signing: { credential: { type: 'pkcs11', module: '/nowhere.so', pinFile: '/nowhere/pin' } },
    };
    const signing = {
      credential: pkcs12,
      timestampAuthorities: [{ url: 'https://tsa.example.jp/' }],
      trustFiles: ['/nowhere.pem'],
    };
    const file = write('keys.yaml', JSON.stringify({ signing, municipalities: [municipality, own] }));
    const said = (keysElsewhere: boolean): readonly string[] =>
      (loadConfig({ file, env: {}, keysElsewhere }) as { problems: readonly string[] }).problems;
    const roots = 'signing.trustFiles[0]: cannot be read: /nowhere.pem';
    expect(said(true)).to.deep.equal([roots]);
    expect(said(false)).to.include.members([
      roots,
      'signing.credential.file: cannot be read: /nowhere.p12',
      'signing.credential.passphraseFile: cannot be read: /nowhere/passphrase',
      'municipalities[1].signing.credential.pinFile: cannot be read: /nowhere/pin',
      'municipalities[1].dkim.keyFile: cannot be read: /nowhere.key',
    ]);
  });

  it('works without file and environment', () => {
    const config = loadConfig({ env: { PATH: '/bin' } }) as Config;
    expect(config.dataDirectory).to.equal('./data');
    expect(config.smtp.port).to.equal(2525);
    expect(config.smtp.maxMessageOctets).to.equal(73_400_320);
    expect(config.web.publicUrl).to.equal('http://127.0.0.1:8080');
    expect(config.relay.port).to.equal(1025);
    expect(config.municipalities.map(({ name, address }) => [name, address])).to.deep.equal([
      ['見本市', 'keiyaku@mihon.example.jp'],
    ]);
    expect(config.attachments.limitOctets).to.equal(6_291_456);
    expect(config.signing).to.deep.equal({
      credential: { type: 'test' },
      timestampAuthorities: [],
      timestampPauseSeconds: 300,
      trustFiles: [],
      fontFiles: [],
      revocationMaxAgeHours: 24,
      revocationSeconds: 20,
      crlMaxOctets: 67_108_864,
      allowTestAuthority: false,
      hsmSeconds: 60,
      renewal: { monthDay: '06-01', withinDays: 730, perMinute: 30, failuresListed: 30 },
    });
  });

  it('is frozen all the way down, and the defaults of the next run stay untouched', () => {
    const config = loadConfig({ env: {} }) as Config;
    expect(() => {
      (config.municipalities[0]!.staff.domains as string[]).push('x.example.jp');
    }).to.throw(TypeError);
    expect(load('web: { port: 81 }').municipalities[0]!.staff.domains).to.deep.equal(['mihon.example.jp']);
  });

  it('reads the YAML file over the defaults and the environment over the file', () => {
    const config = load('smtp: { port: 25, hostname: mx.mihon.example.jp }\nweb: { port: 81 }', {
      KEIYAKUBIN_SMTP__PORT: '2526',
      KEIYAKUBIN_CONTRACT__GO_AHEAD_DELAY_SECONDS: '0',
      KEIYAKUBIN_WEB__TRUSTPROXY: 'true',
      KEIYAKUBIN_DATABASE_URL: '',
    });
    expect(config.smtp).to.include({ port: 2526, hostname: 'mx.mihon.example.jp', host: '127.0.0.1' });
    expect(config.contract.goAheadDelaySeconds).to.equal(0);
    expect(config.web).to.include({ port: 81, trustProxy: true });
    expect(config.databaseUrl).to.equal(null);
  });

  it('finds its file through KEIYAKUBIN_CONFIG', () => {
    const file = write('named.yaml', 'log: { level: debug }');
    expect((loadConfig({ env: { KEIYAKUBIN_CONFIG: file } }) as Config).log.level).to.equal('debug');
  });

  it('takes DATABASE_URL and REDIS_URL where our own names are not set', () => {
    const plain = { DATABASE_URL: 'postgres://a.example.jp/x', REDIS_URL: 'redis://a.example.jp' };
    expect(load('', plain)).to.include({ databaseUrl: plain.DATABASE_URL, redisUrl: plain.REDIS_URL });
    expect(load('', { ...plain, KEIYAKUBIN_DATABASE_URL: '' }).databaseUrl).to.equal(null);
    expect(problems('', { DATABASE_URL: 'mysql://a.example.jp/x' })[0]).to.match(
      /^databaseUrl \(from DATABASE_URL\)/,
    );
  });

  it('sets list elements and lists from the environment', () => {
    const config = load('', {
      KEIYAKUBIN_MUNICIPALITIES__0__NAME: '見本町',
      KEIYAKUBIN_ATTACHMENTS__CARRIER_DOMAINS: '[docomo.ne.jp]',
    });
    expect(config.municipalities[0]).to.include({ name: '見本町', id: 'mihon' });
    expect(config.attachments.carrierDomains).to.deep.equal(['docomo.ne.jp']);
  });

  it('keeps a text that looks like a number a text', () => {
    const config = load('', { KEIYAKUBIN_RELAY__USER: '007', KEIYAKUBIN_RELAY__PASSWORD: '0123' });
    expect(config.relay).to.include({ user: '007', password: '0123' });
  });

  it('normalises addresses', () => {
    const config = load('', { KEIYAKUBIN_MUNICIPALITIES__0__ADDRESS: 'Ｋeiyaku＠Mihon.example.jp' });
    expect(config.municipalities[0]!.address).to.equal('keiyaku@mihon.example.jp');
  });

  it('reports every bad and unknown key of file and environment at once', () => {
    const report = problems(
      'smtp: { port: many, prot: 25 }\nweb: { publicUrl: "http://127.0.0.1:8080/" }\ncontract: { downloadDays: 0 }\nsmpt: {}',
      {
        KEIYAKUBIN_SMTP__MAX_CLIENTS: 'all',
        KEIYAKUBIN_JOBS__CONCURENCY: '3',
        KEIYAKUBIN_JOBS__CONCURRENCY__X: '3',
      },
    );
    expect([...report].sort()).to.deep.equal([
      'KEIYAKUBIN_JOBS__CONCURENCY: names no setting',
      'KEIYAKUBIN_JOBS__CONCURRENCY__X: names no setting',
      'contract.downloadDays: Too small: expected number to be >=1',
      'smpt: no such setting',
      'smtp.maxClients (from KEIYAKUBIN_SMTP__MAX_CLIENTS): expected number, received string',
      'smtp.port: expected number, received string',
      'smtp.prot: no such setting',
      'web.publicUrl: must be scheme and host only, without path or trailing slash: http://127.0.0.1:8080',
    ]);
  });

  it('takes no limit that forbids what RFC 5321 wants of every server', () => {
    expect(
      problems('smtp: { maxRecipients: 99, idleSeconds: 299 }\nmail: { maxReceived: 99 }'),
    ).to.deep.equal([
      'smtp.maxRecipients: Too small: expected number to be >=100',
      'smtp.idleSeconds: Too small: expected number to be >=300',
      'mail.maxReceived: Too small: expected number to be >=100',
    ]);
  });

  it('says which file cannot be read or is no YAML', () => {
    const missing = join(folder, 'none.yaml');
    expect(loadConfig({ file: missing, env: {} })).to.deep.equal({
      problems: [`${missing}: cannot be read`],
    });
    expect(problems('smtp: [1')).to.have.length.above(0);
    expect(problems('smtp: {}\nsmtp: {}')[0]).to.match(/keys must be unique/);
    expect(problems('- smtp')[0]).to.match(/must be a list of "setting: value" lines/);
  });

  describe('secrets', () => {
    it('come from a file of their own or the environment', () => {
      const passwordFile = write('password', 'hemelig pass \r\n');
      expect(load(`relay: { user: u, passwordFile: "${passwordFile}" }`).relay.password).to.equal(
        'hemelig pass',
      );
      const key = Buffer.alloc(32, 7).toString('base64');
      expect(load('', { KEIYAKUBIN_MASTER_KEY: key }).masterKey).to.equal(key);
    });

    it('are refused in the YAML file, unreadable, or given twice', () => {
      expect(problems('relay: { user: u, password: p }')).to.deep.equal([
        'relay.password: must not stand in the configuration file: use passwordFile or the environment',
      ]);
      expect(problems('relay: { passwordFile: /nowhere/password }')).to.deep.equal([
        'relay.passwordFile: cannot be read: /nowhere/password',
      ]);
      const passwordFile = write('password', 'p');
      expect(
        problems(`relay: { user: u, passwordFile: "${passwordFile}" }`, { KEIYAKUBIN_RELAY__PASSWORD: 'q' }),
      ).to.deep.equal(['relay.passwordFile: and password must not both be given']);
    });

    it('are refused within a URL in the YAML file, and taken from the environment', () => {
      const url = 'postgres://keiyakubin:p@db.mihon.example.jp/keiyakubin';
      const redis = 'redis://:p@queue.mihon.example.jp';
      const both = `databaseUrl: "${url}"\nredisUrl: "${redis}"`;
      expect(problems(both).map((line) => line.split(' (')[0])).to.deep.equal([
        'databaseUrl: must not hold a password in the configuration file: give the URL in the environment',
        'redisUrl: must not hold a password in the configuration file: give the URL in the environment',
      ]);
      expect(load('databaseUrl: postgres://db.mihon.example.jp/keiyakubin').databaseUrl).to.include(
        'db.mihon',
      );
      expect(load('', { KEIYAKUBIN_DATABASE_URL: url, KEIYAKUBIN_REDIS_URL: redis })).to.include({
        databaseUrl: url,
        redisUrl: redis,
      });
    });

    it('wants a master key of 32 octets, kept apart from the data', () => {
      expect(problems('', { KEIYAKUBIN_MASTER_KEY: 'c2hvcnQ=' })[0]).to.match(/masterKey .*32 octets/);
      expect(problems('masterKeyFile: ./data/master.key')[0]).to.match(/^masterKeyFile: must lie outside/);
      expect(problems('masterKeyFile: ./data-keys/master.key')).to.deep.equal([]);
    });
  });

  describe('rules between settings', () => {
    const pem = (): string => write('sample.pem', 'sample');
    const real = (): string =>
      `signing: { credential: { type: pem, keyFile: "${pem()}", certificatesFile: "${pem()}" }, timestampAuthorities: [{ url: "https://tsa.sample.example.jp/" }] }\n`;

    it('keeps what the test authority seals on this machine', () => {
      const yaml = 'relay: { host: mail.mihon.example.jp }\n';
      expect(problems(yaml)[0]).to.match(
        /^signing.allowTestAuthority: must be true .*mail\.mihon\.example\.jp/,
      );
      expect(problems(`${yaml}signing: { allowTestAuthority: true }`)).to.deep.equal([]);
      expect(problems(yaml + real())).to.deep.equal([]);
      const noTimestamps = real().replace('[{ url: "https://tsa.sample.example.jp/" }]', '[]');
      expect(problems(yaml + noTimestamps)).to.have.length(1);
    });

    it('wants https for links once contracts have legal effect', () => {
      const yaml = 'web: { publicUrl: "http://keiyaku.mihon.example.jp" }\n';
      expect(problems(yaml)).to.deep.equal([]);
      expect(problems(yaml + real())).to.deep.equal([
        'web.publicUrl: must be https once contracts have legal effect',
      ]);
    });

    it('wants an authserv-id for an mx relay and never the whole Internet as insiders', () => {
      const report = problems(
        'smtp: { relays: [{ name: a, networks: [192.0.2.0/24], kind: mx }, { name: b, networks: [0.0.0.0/0], kind: submission }] }',
      );
      expect(report.map((line) => line.split(':')[0])).to.deep.equal([
        'smtp.relays[0].authservId',
        'smtp.relays[1].networks',
      ]);
    });

    it('takes passwords over TLS only, inward and outward', () => {
      const account = '{ username: u, passwordHash: h, addresses: [a@mihon.example.jp] }';
      expect(problems(`smtp: { accounts: [${account}] }`)[0]).to.match(/^smtp\.tls: is needed/);
      const env = { KEIYAKUBIN_RELAY__PASSWORD: 'p' };
      const remote =
        'relay: { host: mail.sample.example.jp, user: u }\nsigning: { allowTestAuthority: true }';
      expect(problems(remote, env)[0]).to.match(/^relay\.requireTls/);
      expect(problems('relay: { user: u }')[0]).to.match(/^relay\.user: and relay\.password/);
    });

    it('keeps a timestamp authority’s secrets out of address, file and clear text', () => {
      const authority = (rest: string): string => `signing: { timestampAuthorities: [{ ${rest} }] }`;
      expect(problems(authority('url: "https://user:himitsu@tsa.sample.example.jp/"'))).to.deep.equal([
        'signing.timestampAuthorities[0].url: must not hold a user or password: use user and passwordFile',
      ]);
      const url = 'url: "http://tsa.sample.example.jp/"';
      expect(problems(authority(`${url}, user: u, password: himitsu`))[0]).to.match(
        /^signing\.timestampAuthorities\[0\]\.password: must not stand in the configuration file/,
      );
      const env = { KEIYAKUBIN_SIGNING__TIMESTAMP_AUTHORITIES__0__PASSWORD: 'himitsu' };
      expect(problems(authority(`${url}, user: u`), env)).to.deep.equal([
        'signing.timestampAuthorities[0].url: must be https where a password is sent',
      ]);
      expect(problems(authority(url), env)[0]).to.include('must be given together');
      const file = write('tsa-password', 'himitsu\n');
      const https = authority(`url: "https://tsa.sample.example.jp/", user: u, passwordFile: "${file}"`);
      expect(problems(https)).to.deep.equal([]);
      expect(load(https).signing.timestampAuthorities[0]!.password).to.equal('himitsu');
      const client = 'clientCertificate: { file: /nowhere/c.p12 }';
      expect(
        problems(authority(`${url}, ${client}, caFile: /nowhere/ca, trustFiles: [/nowhere/r]`)),
      ).to.deep.equal([
        'signing.timestampAuthorities[0].url: must be https for a client certificate',
        'signing.timestampAuthorities[0].clientCertificate.file: cannot be read: /nowhere/c.p12',
        'signing.timestampAuthorities[0].caFile: cannot be read: /nowhere/ca',
        'signing.timestampAuthorities[0].trustFiles[0]: cannot be read: /nowhere/r',
      ]);
      expect(problems(authority('url: "https://tsa.sample.example.jp/", policies: [any]'))[0]).to.match(
        /policies\[0\]: must be an object identifier/,
      );
    });

    it('gives each address to one municipality', () => {
      const town = (id: string, address: string): string =>
        `  - { id: ${id}, name: 見本町, address: ${address}, aliases: [old-${address}], verificationAddress: kensho-${address}, staff: { domains: [${id}.example.jp] },
      desks: { contract: { section: 総務課, phone: 00-0000-0001 }, operation: { name: 窓口, phone: 00-0000-0000, hours: 平日 } },
      signedBy: 見本町, nameHolder: 見本町長 }\n`;
      const yaml = `municipalities:\n${town('east', 'a@mihon.example.jp')}${town('west', 'A@mihon.example.jp')}`;
      expect(problems(yaml)).to.deep.equal([
        'municipalities[1].address: a@mihon.example.jp already belongs to municipalities[0]',
        'municipalities[1].aliases[0]: old-a@mihon.example.jp already belongs to municipalities[0]',
        'municipalities[1].verificationAddress: kensho-a@mihon.example.jp already belongs to municipalities[0]',
      ]);
      expect(
        problems(yaml.replace('A@', 'b@').replace('old-A@', 'old-b@').replace('west', 'east'))[0],
      ).to.match(/^municipalities\[1\]\.id: 'east' is given twice/);
    });

    it('wants staff to be known by a domain', () => {
      const report = problems('', { KEIYAKUBIN_MUNICIPALITIES__0__STAFF__DOMAINS: '[]' });
      expect(report[0]).to.match(/^municipalities\[0\]\.staff\.domains .*at least one staff domain/);
    });

    it('takes a key in an HSM with one PIN and one way to find its token', () => {
      const hsm = (more: string): string =>
        `signing: { credential: { type: pkcs11, module: "${pem()}", ${more} } }`;
      const pinFile = (): string => `pinFile: "${write('pin', '4821\n')}"`;
      expect(problems(hsm('tokenLabel: mihon'))).to.deep.equal([
        'signing.credential.pinFile: or pin (in the environment) must be given',
      ]);
      expect(problems(hsm(`${pinFile()}, tokenLabel: mihon, slot: 0`))).to.deep.equal([
        'signing.credential.slot: and tokenLabel must not both be given',
      ]);
      expect(problems(hsm(`${pinFile()}, keyId: a1b`))[0]).to.match(
        /^signing\.credential\.keyId: must be hexadecimal/,
      );
      expect(problems(hsm('pin: "4821"'))[0]).to.match(
        /^signing\.credential\.pin: must not stand in the conf/,
      );
      expect(problems('signing: { credential: { type: pkcs11, module: /nowhere.so } }')).to.include(
        'signing.credential.module: cannot be read: /nowhere.so',
      );
      const { signing } = load(hsm(`${pinFile()}, keyId: A1B2`));
      expect(signing.credential).to.include({ pin: '4821', keyId: 'a1b2', tokenLabel: null, slot: null });
    });

    it('lets a municipality have its own key, and none be for trial beside it', () => {
      const town = (id: string, more = ''): string =>
        `  - { id: ${id}, name: 見本町, address: ${id}@mihon.example.jp, staff: { domains: [${id}.example.jp] },
      desks: { contract: { section: 総務課, phone: 00-0000-0001 }, operation: { name: 窓口, phone: 00-0000-0000, hours: 平日 } },
      signedBy: 見本町, nameHolder: 見本町長${more} }\n`;
      const own = (more = ''): string =>
        `, signing: { credential: { type: pem, keyFile: "${pem()}", certificatesFile: "${pem()}"${more} } }`;
      const timestamps = 'signing: { timestampAuthorities: [{ url: "https://tsa.sample.example.jp/" }] }\n';
      const towns = (...all: string[]): string => `municipalities:\n${all.join('')}`;
      expect(problems(timestamps + towns(town('east', own())))).to.deep.equal([]);
      expect(problems(timestamps + towns(town('east', own(', passphrase: x'))))[0]).to.match(
        /^municipalities\[0\]\.signing\.credential\.passphrase: must not stand in the configuration file/,
      );
      const file = `, passphraseFile: "${write('passphrase', 'aikotoba\n')}"`;
      const { municipalities } = load(timestamps + towns(town('west'), town('east', own(file))), {
        KEIYAKUBIN_MUNICIPALITIES__0__SIGNING__CREDENTIAL: JSON.stringify({ type: 'pkcs12', file: pem() }),
        KEIYAKUBIN_MUNICIPALITIES__0__SIGNING__CREDENTIAL__PASSPHRASE: 'himitsu',
      });
      expect(municipalities.map(({ signing }) => signing.credential)).to.deep.equal([
        { type: 'pkcs12', file: pem(), passphrase: 'himitsu', passphraseFile: null },
        {
          type: 'pem',
          keyFile: pem(),
          certificatesFile: pem(),
          passphrase: 'aikotoba',
          passphraseFile: join(folder, 'passphrase'),
        },
      ]);
      const beside = towns(town('west'), town('east', own()));
      expect(problems(timestamps + beside)).to.deep.equal([
        "signing.credential.type: must not be 'test' beside keys with legal effect",
      ]);
      expect(problems(beside)).to.deep.equal([]);
    });

    it('names every file that cannot be read', () => {
      const report = problems(
        'smtp: { tls: { keyFile: /nowhere/k, certFile: /nowhere/c } }\nsigning: { trustFiles: [/nowhere/r], fontFiles: [/nowhere/f] }',
      );
      expect(report).to.have.length(4);
      expect(report).to.include('signing.trustFiles[0]: cannot be read: /nowhere/r');
    });

    it('keeps the limits in order', () => {
      expect(problems('attachments: { carrierLimitOctets: 7000000 }')[0]).to.match(
        /^attachments\.carrierLimit/,
      );
      expect(problems('relay: { retry: { firstSeconds: 4000 } }')[0]).to.match(/^relay\.retry\.firstSeconds/);
    });
  });
});
