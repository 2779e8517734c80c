// Reads blobUrl: s3://bucket/prefix?endpoint=http://127.0.0.1:4568&region=ap-northeast-1&pathStyle=true

/** Where in an S3-compatible store the documents lie. */
export interface BlobLocation {
  readonly bucket: string;
  /** '' or ending in '/'. */
  readonly prefix: string;
  /** Scheme, host and port; null for AWS itself. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly forcePathStyle: boolean;
}

/** The location, or what is wrong with it in English. */
export function readBlobUrl(text: string): BlobLocation | { problem: string } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 's3:') return { problem: 'must be s3://bucket/prefix?endpoint=…&region=…' };
  if (url.username !== '' || url.password !== '') {
    return { problem: 'must not hold credentials: use blobAccessKeyId and blobSecretAccessKey' };
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.host)) return { problem: 'must name a bucket' };
  const unknown = [...url.searchParams.keys()].find(
    (name) => !['endpoint', 'region', 'pathStyle'].includes(name),
  );
  if (unknown !== undefined) return { problem: `knows no ${unknown}: only endpoint, region and pathStyle` };
  const endpoint = url.searchParams.get('endpoint');
  if (endpoint !== null && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol))) {
    return { problem: 'must give the endpoint as http://… or https://…' };
  }
  const folders = url.pathname.split('/').filter((part) => part !== '');
  if (folders.some((part) => !/^[\w.-]+$/.test(part) || /^\.+$/.test(part))) {
    return { problem: 'must have a prefix of letters, digits, ".", "_" and "-"' };
  }
  const pathStyle = url.searchParams.get('pathStyle');
  return {
    bucket: url.host,
    prefix: folders.map((part) => `${part}/`).join(''),
    endpoint,
    region: url.searchParams.get('region') ?? 'us-east-1',
    // Compatible stores seldom answer to bucket.host.
    forcePathStyle: pathStyle === null ? endpoint !== null : pathStyle === 'true',
  };
}
