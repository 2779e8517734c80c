// blobUrl: where in an S3-compatible store the documents lie, and what cannot be meant.
import { expect } from 'chai';
import { readBlobUrl } from '../../gateway/config/blob-url.ts';
import { type Config, isConfigProblems, loadConfig } from '../../gateway/config.ts';

describe('blobUrl', () => {
  it('names bucket, prefix, endpoint and region', () => {
    expect(
      readBlobUrl('s3://keiyaku/documents/2026?endpoint=http://127.0.0.1:4568&region=ap-northeast-1'),
    ).to.deep.equal({
      bucket: 'keiyaku',
      prefix: 'documents/2026/',
      endpoint: 'http://127.0.0.1:4568',
      region: 'ap-northeast-1',
      forcePathStyle: true,
    });
    expect(readBlobUrl('s3://keiyaku')).to.deep.equal({
      bucket: 'keiyaku',
      prefix: '',
      endpoint: null,
      region: 'us-east-1',
      forcePathStyle: false,
    });
    expect(readBlobUrl('s3://keiyaku?endpoint=https://s3.sample.example.jp&pathStyle=false')).to.include({
      forcePathStyle: false,
    });
  });

  for (const [url, problem] of [
    ['https://sample.example.jp/keiyaku', 's3://'],
    ['keiyaku', 's3://'],
    ['s3://', 'bucket'],
    ['s3://key:secret@keiyaku', 'credentials'],
    ['s3://keiyaku?endpiont=http://127.0.0.1', 'endpiont'],
    ['s3://keiyaku?endpoint=127.0.0.1:4568', 'endpoint'],
    ['s3://keiyaku/a b', 'prefix'],
  ] as const) {
    it(`cannot be ${url}`, () => {
      expect(readBlobUrl(url)).to.have.property('problem').that.includes(problem);
      const outcome = loadConfig({ env: { KEIYAKUBIN_BLOB_URL: url } });
      expect(isConfigProblems(outcome) && outcome.problems.join('\n')).to.include('blobUrl');
    });
  }

  it('comes with both halves of the credentials, from the environment', () => {
    const url = 's3://keiyaku?endpoint=http://127.0.0.1:4568';
    const id = { KEIYAKUBIN_BLOB_ACCESS_KEY_ID: 'id' };
    const secret = { KEIYAKUBIN_BLOB_SECRET_ACCESS_KEY: 'secret' };
    const config = loadConfig({ env: { BLOB_URL: url, ...id, ...secret } }) as Config;
    expect(config).to.include({ blobUrl: url, blobAccessKeyId: 'id', blobSecretAccessKey: 'secret' });
    for (const env of [{ BLOB_URL: url }, { BLOB_URL: url, ...id }, { ...id, ...secret }]) {
      const outcome = loadConfig({ env });
      expect(isConfigProblems(outcome) && outcome.problems.join('\n')).to.include('must be given together');
    }
  });

  it('counts less under its plain name than under our own', () => {
    const credentials = { KEIYAKUBIN_BLOB_ACCESS_KEY_ID: 'id', KEIYAKUBIN_BLOB_SECRET_ACCESS_KEY: 'secret' };
    const env = { BLOB_URL: 's3://plain', KEIYAKUBIN_BLOB_URL: 's3://own', ...credentials };
    expect(loadConfig({ env })).to.include({ blobUrl: 's3://own' });
  });
});
