// A copy of another engine's directory to experiment on: a new store of ours, which holds what is
// alive there. What was made of it is removed again when it does not come to its end.

import path from 'node:path';
import type { Environment } from '../../base/environment.ts';
import { LsmError } from '../../base/errors.ts';
import { Lsm } from '../../engine/db.ts';
import { destroyStore } from '../../engine/destroy.ts';
import { recognise } from '../../engine/open/storeRecognition.ts';
import type { StoreReader } from '../../readers/storeReader.ts';
import type { WriterWatch } from '../importing/batchWriter.ts';
import { copyFamilies } from '../importing/copyFamilies.ts';
import type { CopiedStore } from '../importing/copyFamilies.ts';
import { familyTarget } from '../storeTarget.ts';
import type { EngineTarget } from '../storeTarget.ts';

/** What was copied, and where it lies: an absolute path. */
export interface CopyMade extends CopiedStore {
  readonly into: string;
}

/**
 * Copies and reads back.
 * @param into where to; taken from the working directory when it is not absolute.
 * @throws LsmError `INVALID_ARGUMENT` when something stands there, `CORRUPTION` when the copy does
 * not read back as the source, `CANCELLED`, or as either store.
 */
export async function copyInto(
  reader: StoreReader,
  into: string,
  environment: Environment,
  watch: WriterWatch,
): Promise<CopyMade> {
  const directory = path.resolve(into);
  requireFree(directory, into, environment);
  const store = await Lsm.open(directory, environment, {});
  try {
    const sources = reader.describe().families.map(({ name }) => ({
      name,
      hasOrder: reader.family(name)!.hasOrder,
      entries: () => reader.family(name)!.entries({}),
    }));
    const target = (name: string): Promise<EngineTarget> => familyTarget(store, name);
    const copied = await copyFamilies(sources, target, environment.scheduler, watch);
    await store.close();
    return { into: directory, ...copied };
  } catch (thrown) {
    await store.close().catch(() => undefined);
    await destroyStore(directory, environment).catch(() => undefined);
    throw thrown;
  }
}

function requireFree(directory: string, into: string, { vfs }: Environment): void {
  if (into.trim() === '') {
    throw new LsmError('INVALID_ARGUMENT', 'name a directory for the copy');
  }
  const { kind } = recognise(vfs, directory);
  if (kind === 'missing' || kind === 'empty') return;
  const message = `${directory} is not empty: a copy goes into a directory of its own`;
  throw new LsmError('INVALID_ARGUMENT', message, { file: directory });
}
