// The world in which the tests open foreign directories: Node's, as the session does; and what
// they keep of what they read.

import { nodeEnvironment } from '../../src/node/nodeEnvironment.ts';
import type { Environment } from '../../src/base/environment.ts';
import type { Vfs } from '../../src/base/vfs.ts';
import type { ReaderWorld } from '../../src/readers/storeReader.ts';
import { uncompressWith } from '../../src/session/foreign/uncompress.ts';

/** @param vfs the disk to read instead of Node's */
export async function readerWorld(vfs?: Vfs): Promise<ReaderWorld> {
  const environment: Environment = nodeEnvironment();
  await environment.codecs.prepare(['zstd']);
  return {
    vfs: vfs ?? environment.vfs,
    clock: environment.clock,
    uncompress: uncompressWith(environment.codecs),
  };
}

/** Entries to keep: what a walk gives is valid until its next step. */
export function copiesOf(
  entries: Iterable<readonly [Uint8Array, Uint8Array]>,
): [Uint8Array, Uint8Array][] {
  return Array.from(entries, ([key, value]) => [key.slice(), value.slice()]);
}
