/** What other people's programs object to in a sealed file: poppler, qpdf and openssl as they are installed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cmsParts, withoutPadding } from '../cms-parts.ts';
import { coveredBytes, rawSignatures } from '../pdf-tools.ts';
import { runTool } from '../system.ts';

export interface Sealed {
  readonly upload: Uint8Array;
  readonly file: Uint8Array;
  /** PEM of the root that everything leads to. */
  readonly root: string;
  /** Signatures of ours, in the order of the file; document timestamps follow them. */
  readonly consents: number;
}

/** Empty when all of them accept the file. */
export async function objections({ upload, file, root, consents }: Sealed): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'corpus-'));
  try {
    const written = async (name: string, content: Uint8Array | string): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    };
    const sealed = await written('sealed.pdf', file);
    const rootFile = await written('root.pem', root);
    const found: string[] = [];

    const poppler = await runTool('pdfsig', ['-no-ocsp', sealed]);
    const valid = poppler.stdout.toString().match(/Signature is Valid/g)?.length ?? 0;
    const before = await runTool('pdfsig', ['-no-ocsp', await written('upload.pdf', upload)]);
    const foreign = before.stdout.toString().match(/Signature is Valid/g)?.length ?? 0;
    if (valid !== consents + foreign) found.push(`pdfsig: ${valid} valid signatures: ${poppler.stderr}`);

    const checked = await runTool('qpdf', ['--check', sealed]);
    if (checked.code !== 0) {
      const uploaded = await runTool('qpdf', ['--check', join(folder, 'upload.pdf')]);
      const known = warnings(uploaded.stderr);
      const added = warnings(checked.stderr).filter((warning) => !known.includes(warning));
      if (checked.code !== uploaded.code || added.length > 0) found.push(`qpdf: ${checked.stderr}`);
    }

    const ours = rawSignatures(file.subarray(upload.length));
    for (const [index, { range, contents }] of ours.entries()) {
      const der = await written('signature.der', withoutPadding(contents));
      const covered = await written('covered.bin', coveredBytes(file, range));
      if (index >= consents) {
        found.push(...(await stamped(der, covered, rootFile)));
        continue;
      }
      const options = ['-cades', '-binary', '-inform', 'DER', '-purpose', 'any', '-CAfile', rootFile];
      const files = ['-in', der, '-content', covered, '-out', join(folder, 'content.bin')];
      const cms = await runTool('openssl', ['cms', '-verify', ...options, ...files]);
      if (!/^CAdES Verification successful$/m.test(cms.stderr)) found.push(`openssl cms: ${cms.stderr}`);
      const { signatureValue, signatureTimestamp } = cmsParts(contents);
      const token = await written('token.der', signatureTimestamp ?? '');
      found.push(...(await stamped(token, await written('value.bin', signatureValue), rootFile)));
    }
    if (ours.length <= consents) found.push(`${ours.length} signatures, none of them a document timestamp`);
    return found;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function stamped(token: string, data: string, root: string): Promise<string[]> {
  const options = ['-token_in', '-in', token, '-data', data, '-CAfile', root];
  const { code, stderr } = await runTool('openssl', ['ts', '-verify', ...options]);
  return code === 0 ? [] : [`openssl ts: ${stderr}`];
}

/** Without the file's name and what differs by offsets alone. */
function warnings(said: string): string[] {
  return said.split('\n').map((line) => line.replace(/^.*?\.pdf:? ?/, '').replace(/\d+/g, '#'));
}
