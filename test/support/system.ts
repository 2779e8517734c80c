// The system tools that tests call (chromium, poppler, qpdf, openssl): found by name, run without a shell.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a finished program said. */
export interface ToolResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Full path of the first of `names` found on PATH; throws and says how to install it when none is there. */
export function toolPath(...names: string[]): string {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder: the next one may have it.
      }
    }
  }
  throw new Error(`${names.join(' or ')} is not on PATH; test/run.sh names the package to install`);
}

/** For one act at a page, on a machine many times slower than ours. */
export const BROWSER_PATIENCE_MS = 120_000;

/** Path of a Chromium or Chrome that playwright-core can drive. */
export function chromiumPath(): string {
  return toolPath('chromium', 'chromium-browser', 'google-chrome');
}

/** Runs a tool to its end with an optional standard input; never throws for an exit code, only when it cannot start. */
export function runTool(name: string, args: readonly string[], input?: Uint8Array): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(toolPath(name), args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
    // A tool that ends before reading everything closes its pipe: its exit code tells the story.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
