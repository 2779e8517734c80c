/** Settings of the pages that would be wrong or unsafe together: their own TLS, and the networks of staff. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { temporaryFolder } from '../support/folder.ts';
import { issueRoot, keyPemOf, pemOf } from '../support/pki.ts';

describe('settings of the pages', () => {
  const folder = temporaryFolder();

  function problems(env: Record<string, string>): readonly string[] {
    const outcome = loadConfig({ env });
    return isConfigProblems(outcome)
      ? outcome.problems.map((problem) => problem.replace(/ \(from KEIYAKUBIN_\w+\)/, ''))
      : [];
  }
  function tls(
    certificate: ReturnType<typeof issueRoot>,
    key: ReturnType<typeof issueRoot>,
    publicUrl: string,
  ) {
    const files = { keyFile: join(folder(), 'web.key'), certFile: join(folder(), 'web.pem') };
    writeFileSync(files.keyFile, keyPemOf(key));
    writeFileSync(files.certFile, pemOf(certificate));
    return problems({
      KEIYAKUBIN_WEB__PUBLIC_URL: publicUrl,
      KEIYAKUBIN_WEB__TLS__KEY_FILE: files.keyFile,
      KEIYAKUBIN_WEB__TLS__CERT_FILE: files.certFile,
    });
  }

  it('take a key and its certificate, and refuse two that do not fit', () => {
    const [one, two] = [issueRoot('一つ目'), issueRoot('二つ目')];
    expect(tls(one, one, 'https://keiyaku.mihon.example.jp')).to.deep.equal([]);
    expect(tls(one, two, 'https://keiyaku.mihon.example.jp'))
      .to.have.length(1)
      .and.satisfy(([text]: string[]) => text!.startsWith('web.tls: key and certificate do not fit'));
  });

  it('want links that begin with https where TLS is spoken', () => {
    const one = issueRoot('一つ目');
    expect(tls(one, one, 'http://127.0.0.1:8080')).to.deep.equal([
      'web.publicUrl: must be https where web.tls is set',
    ]);
  });

  it('name the file that is not there', () => {
    const missing = join(folder(), 'nothing.pem');
    expect(
      problems({
        KEIYAKUBIN_WEB__PUBLIC_URL: 'https://keiyaku.mihon.example.jp',
        KEIYAKUBIN_WEB__TLS__KEY_FILE: missing,
        KEIYAKUBIN_WEB__TLS__CERT_FILE: missing,
      }),
    ).to.deep.equal([
      `web.tls.keyFile: cannot be read: ${missing}`,
      `web.tls.certFile: cannot be read: ${missing}`,
    ]);
  });

  it('refuse a staff network that is none', () => {
    const [problem, ...more] = problems({ KEIYAKUBIN_MUNICIPALITIES__0__STAFF_NETWORKS: '[10.1.0.0]' });
    expect(problem).to.match(/^municipalities\.0\.staffNetworks|^municipalities\[0\]\.staffNetworks/);
    expect(more).to.deep.equal([]);
  });
});
