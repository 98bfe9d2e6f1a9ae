// Turns a TypeScript file into one plain module that a child process or a worker thread of any
// supported Node can run.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** A bundle in a directory of its own under the system's temporary one. */
export interface Bundle {
  readonly path: string;
  readonly discard: () => void;
}

/** @param entry the file to bundle, with all that it imports. */
export async function bundleForNode(entry: URL): Promise<Bundle> {
  const directory = mkdtempSync(join(tmpdir(), 'lsm-lens-bundle-'));
  const path = join(directory, 'bundle.mjs');
  await build({
    entryPoints: [entry.pathname],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return { path, discard: () => rmSync(directory, { recursive: true, force: true }) };
}
