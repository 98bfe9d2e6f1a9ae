// The session's worker as a file that a thread can run: bundled from the sources as they are now.

import { afterAll, beforeAll } from 'vitest';
import type { Bundle } from '../support/bundleForNode.ts';
import { bundleForNode } from '../support/bundleForNode.ts';

/** Bundles the worker before the tests of a file and removes it after them. */
export function useBuiltWorker(): { readonly file: () => string } {
  let bundle: Bundle | undefined;
  beforeAll(async () => {
    const entry = new URL('../../src/session/sessionWorker.ts', import.meta.url);
    bundle = await bundleForNode(entry);
  });
  afterAll(() => bundle?.discard());
  return { file: () => bundle!.path };
}
