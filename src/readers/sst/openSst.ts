// Opens a table of whatever kind it is.

import { LsmError } from '../../base/errors.ts';
import type { ReleasableFile } from '../releasableFile.ts';
import { BlockBasedReader } from './blockBasedReader.ts';
import type { Uncompress } from './blockFile.ts';
import { readFooter } from './footer.ts';
import type { Footer } from './footer.ts';
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
    case 'cuckoo': {
      file.release();
      const message = `${name} is a cuckoo table, a hash table without order: it is not read here`;
      throw new LsmError('NOT_SUPPORTED', message, { file: name, offset: 0 });
    }
  }
}

function kindOf(file: ReleasableFile, name: string): Footer['kind'] {
  try {
    return readFooter(file, name).kind;
  } catch (thrown) {
    file.release();
    throw thrown;
  }
}
