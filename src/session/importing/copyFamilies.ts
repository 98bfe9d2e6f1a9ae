// Copies a store with all its column families, each into one of the same name.

import { LsmError } from '../../base/errors.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import type { LiveEntry } from '../catalogue.ts';
import type { EntriesDigest } from '../entryDigest.ts';
import type { WriterWatch } from './batchWriter.ts';
import { copyEntries } from './copyEntries.ts';
import type { CopyTarget } from './copyEntries.ts';

/** A column family of the source. */
export interface FamilySource {
  readonly name: string;
  /** Without an order it is not known which entries are alive. */
  readonly hasOrder: boolean;
  /** Its live entries, each time it is called. */
  readonly entries: () => Iterable<LiveEntry>;
}

/** What was copied, of each family by its name, and how many entries in all. */
export interface CopiedStore {
  readonly entries: number;
  /** The default family first. */
  readonly families: readonly (EntriesDigest & { readonly name: string })[];
}

/**
 * Copies family after family and checks each.
 * @param targetOf makes the family in the copy.
 * @throws LsmError `NOT_SUPPORTED` before anything is copied when one has no order; as
 * `copyEntries`.
 */
export async function copyFamilies(
  sources: readonly FamilySource[],
  targetOf: (name: string) => Promise<CopyTarget>,
  scheduler: Scheduler,
  { signal, onProgress }: WriterWatch,
): Promise<CopiedStore> {
  const unordered = sources.find(({ hasOrder }) => !hasOrder);
  if (unordered !== undefined) throw noOrder(unordered.name);
  const families: (EntriesDigest & { readonly name: string })[] = [];
  let entries = 0;
  for (const { name, entries: entriesOf } of sources) {
    const target = await targetOf(name);
    const where = sources.length === 1 ? '' : ` ${name}`;
    const watch: WriterWatch = {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (progress) => {
        const verb = progress.message === '' ? 'copying' : progress.message;
        onProgress?.({ ...progress, message: `${verb}${where}` });
      },
    };
    const digest = await copyEntries(entriesOf, target, scheduler, watch);
    families.push({ name, ...digest });
    entries += digest.entriesLive;
  }
  return { entries, families };
}

function noOrder(name: string): LsmError {
  const message =
    `column family ${name} is ordered by a comparator that is not known here: which of its ` +
    'entries are alive cannot be told, and so it cannot be copied';
  return new LsmError('NOT_SUPPORTED', message);
}
