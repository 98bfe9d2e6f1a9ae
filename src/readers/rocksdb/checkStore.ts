// Reads every byte of a store that is alive: all blocks of all tables, all blobs of all blob files.
// What is wrong is listed.

import { entryKindOf, TRAILER_BYTES } from '../internalKey.ts';
import { keyOrderNamed } from '../keyOrder.ts';
import type { ProblemList } from '../problems.ts';
import type { SstReader } from '../sst/sstReader.ts';
import type { CheckProgress } from '../storeReader.ts';
import type { TableFiles } from '../tableFiles.ts';
import type { BlobFiles } from './blobFiles.ts';
import type { FamilyVersion } from './manifest.ts';

const FILTER_NAME = /^(full|partitioned)?filter\./;

/** Gives way after each file. */
export function* checkStore(
  families: readonly FamilyVersion[],
  files: TableFiles<SstReader>,
  blobs: BlobFiles,
  problems: ProblemList,
): Generator<CheckProgress> {
  const tables = families.flatMap(({ levels }) => levels.flatMap((level) => [...level.values()]));
  const blobFiles = families.flatMap((family) => [...family.blobFiles.values()]);
  const bytesTotal =
    tables.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) +
    blobFiles.reduce((sum, { blobBytes }) => sum + blobBytes, 0);
  let bytesDone = 0;
  for (const { number, sizeBytes } of tables) {
    const reader = files.tryReader(number);
    if (reader !== undefined) checkTable(reader, problems);
    bytesDone += sizeBytes;
    yield { bytesDone, bytesTotal };
  }
  for (const { number, blobBytes } of blobFiles) {
    checkBlobs(blobs, number, problems);
    bytesDone += blobBytes;
    yield { bytesDone, bytesTotal };
  }
}

function checkTable(reader: SstReader, problems: ProblemList): void {
  const { name } = reader;
  reader.forEach(problems, ({ key, keyLength, block }) => {
    const code = key[keyLength - TRAILER_BYTES] ?? 0;
    if (entryKindOf(code) !== undefined) return;
    const place = `${name} at byte ${block.offset}`;
    const message = `${place}: the block has an entry of kind ${code}, not known here`;
    problems.add('NOT_SUPPORTED', name, block.offset, message);
  });
  try {
    reader.rangeDeletions();
    checkFilter(reader, problems);
  } catch (thrown) {
    problems.addThrown(thrown, name);
  }
}

/** Nothing is lost without a filter; only more is read. */
function checkFilter(reader: SstReader, problems: ProblemList): void {
  const { name, metaBlocks, filter, properties } = reader;
  const [stored, handle] = [...metaBlocks].find(([each]) => FILTER_NAME.test(each)) ?? [];
  if (handle === undefined || filter?.isKnown() === true) return;
  // Parts of a filter cannot be found without the order, which has been told.
  const { compare } = keyOrderNamed(properties?.comparator ?? '');
  if (filter === undefined && compare === undefined) return;
  const message =
    `${name} at byte ${handle.offset}: the filter ${stored} is of a kind that is not known here: ` +
    'every key counts as one that may be in the table';
  problems.add('NOT_SUPPORTED', name, handle.offset, message);
}

function checkBlobs(blobs: BlobFiles, number: number, problems: ProblemList): void {
  try {
    for (const _ of blobs.blobFile(number).records());
  } catch (thrown) {
    problems.addThrown(thrown, `${number}.blob`);
  }
}
