/** What the start checks of the signing identity, so that no contract waits for it after its last consent (R32, R42). */
import { join } from 'node:path';
import { expect } from 'chai';
import { type Config, isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { openSigning, UnusableFont } from '../../gateway/jobs/identity.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordingLog } from '../support/log.ts';
import { rejection } from '../support/rejection.ts';

describe('opening the signing identity', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();

  const options = () => ({ clock: () => new Date(), log: recordingLog().log, onRevoked: async () => {} });

  function configured(nameHolder?: string): Config {
    const env = {
      KEIYAKUBIN_DATA_DIRECTORY: join(folder(), 'data'),
      KEIYAKUBIN_MASTER_KEY_FILE: join(folder(), 'master.key'),
    };
    const config = loadConfig({ env });
    if (isConfigProblems(config)) throw new Error(config.problems.join('\n'));
    const municipalities = config.municipalities.map((one) => ({
      ...one,
      nameHolder: nameHolder ?? one.nameHolder,
    }));
    return { ...config, municipalities };
  }

  it('takes a municipality whose names the certificate can print', async () => {
    const signing = await openSigning(configured('見本市長 髙﨑𠮷郎'), options());
    expect(signing.testAuthority).to.not.equal(null);
    await signing.close();
  });

  it('stops at a name with a character that no certificate could print', async () => {
    const error = await rejection(openSigning(configured('見本市長\u{1F3EE}'), options()));
    expect(error).to.be.instanceOf(UnusableFont);
    expect(String(error)).to.include('signing.fontFiles: no glyph for \u{1F3EE} (U+1F3EE) in municipalities');
  });
});
