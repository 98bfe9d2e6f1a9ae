// Opens a table of whatever kind it is.

import { corruption, LsmError } from '../../base/errors.ts';
import type { ReleasableFile } from '../releasableFile.ts';
import { BlockBasedReader } from './blockBasedReader.ts';
import { BlockFile } from './blockFile.ts';
import type { Uncompress } from './blockFile.ts';
import { readFooter } from './footer.ts';
import type { Footer } from './footer.ts';
import { readMetaIndex, readProperties } from './metaIndex.ts';
import { PlainTableReader } from './plainTableReader.ts';
import type { SstReader } from './sstReader.ts';

/**
 * Opens a table by its last bytes. The file is let go when that fails.
 * @param largestSequence the table's, by the manifest: an ingested table may not say its own.
 * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`.
 */
export function openSst(
  file: ReleasableFile,
  name: string,
  uncompress: Uncompress,
  largestSequence?: number,
): SstReader {
  switch (kindOf(file, name)) {
    case 'block-based':
      return BlockBasedReader.open(file, name, uncompress, largestSequence);
    case 'plain':
      return PlainTableReader.open(file, name);
  }
}

/** Cuckoo tables are described in the error. */
function kindOf(file: ReleasableFile, name: string): 'block-based' | 'plain' {
  try {
    const footer = readFooter(file, name);
    if (footer.kind === 'cuckoo') throw cuckooTable(file, name, footer);
    return footer.kind;
  } catch (thrown) {
    file.release();
    throw thrown;
  }
}

/** Its rows lie in buckets by hashes of their keys: there is no order to walk in. */
function cuckooTable(file: ReleasableFile, name: string, footer: Footer): LsmError {
  const blocks = new BlockFile(file, name, footer, ({ offset }) => {
    throw corruption('cuckoo tables are not compressed', name, offset);
  });
  const properties = readProperties(blocks, readMetaIndex(blocks, footer.metaindex));
  const message =
    `${name} is a cuckoo table, a hash table without order: its ${properties?.entries ?? 0} ` +
    'entries are not read here';
  return new LsmError('NOT_SUPPORTED', message, { file: name, offset: 0 });
}
