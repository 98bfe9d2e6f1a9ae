// Reads every byte of a store that is alive: all blocks of all tables, all blobs of all blob files.
// What is wrong is listed.

import type { ProblemList } from '../problems.ts';
import type { SstReader } from '../sst/sstReader.ts';
import type { CheckProgress } from '../storeReader.ts';
import type { TableFiles } from '../tableFiles.ts';
import type { BlobFiles } from './blobFiles.ts';
import type { FamilyVersion } from './manifest.ts';

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
  reader.forEach(problems, () => undefined);
  try {
    reader.rangeDeletions();
    void reader.filter;
  } catch (thrown) {
    problems.addThrown(thrown, reader.name);
  }
}

function checkBlobs(blobs: BlobFiles, number: number, problems: ProblemList): void {
  try {
    for (const _ of blobs.blobFile(number).records());
  } catch (thrown) {
    problems.addThrown(thrown, `${number}.blob`);
  }
}
