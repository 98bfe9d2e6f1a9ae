// What of a store lies in other directories, by its OPTIONS and its manifest: these are never read.

import type { ForeignDirectory } from '../foreignDirectory.ts';
import type { ProblemList } from '../problems.ts';
import { numberedNames } from './fileNames.ts';
import type { RocksdbManifest } from './manifest.ts';
import { textOption } from './optionsFile.ts';
import type { StoreOptions } from './optionsFile.ts';

/** Lists that logs or tables lie elsewhere. */
export function reportElsewhere(
  directory: ForeignDirectory,
  options: StoreOptions,
  manifest: RocksdbManifest,
  problems: ProblemList,
): void {
  const logs = textOption(options.database, 'wal_dir');
  // A running store always has a log; one that was moved may still name its old place.
  if (logs !== '' && numberedNames(directory.names(), 'log').length === 0) {
    const message =
      `the logs of the store lie in ${logs}, another directory, which is not read: what only ` +
      'they hold is not shown';
    problems.add('NOT_SUPPORTED', options.fileName, -1, message);
  }
  const tables = [...manifest.families.values()]
    .flatMap(({ levels }) => levels.flatMap((level) => [...level.values()]))
    .filter(({ path }) => path > 0);
  if (tables.length > 0) {
    const message =
      `${tables.length} tables lie in further directories (db_paths, cf_paths), which are not ` +
      'read: their entries are not shown';
    problems.add('NOT_SUPPORTED', manifest.name, -1, message);
  }
}
