// A thread's program as a file: bundled from the sources as they are now.

import { afterAll, beforeAll } from 'vitest';
import type { Bundle } from './bundleForNode.ts';
import { bundleForNode } from './bundleForNode.ts';

/** Bundles `entry` before the tests of a file and removes it after them. */
export function useBundle(entry: URL): { readonly file: () => string } {
  let bundle: Bundle | undefined;
  beforeAll(async () => {
    bundle = await bundleForNode(entry);
  });
  afterAll(() => bundle?.discard());
  return { file: () => bundle!.path };
}

/** The program of a store's job threads. */
export function useJobWorker(): { readonly file: () => string } {
  return useBundle(new URL('../../src/node/jobWorker.ts', import.meta.url));
}
