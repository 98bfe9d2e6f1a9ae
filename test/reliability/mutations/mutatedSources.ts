// Which sources are mutated, and which tests watch over each: files or folders, the quickest first.

import { readdirSync } from 'node:fs';

/** Test files and folders that should notice. */
export type Watchers = readonly string[];
/** Sources by path. */
export type MutatedFiles = Readonly<Record<string, Watchers>>;

const CRASHES: Watchers = [
  'test/reliability/crash/logs.test.ts',
  'test/reliability/crash/strategies.test.ts',
];

const REGRESSIONS = 'test/reliability/regressions/tables.test.ts';

/** Where files are made durable, and what watches there besides the crashes; the longest counts. */
const DURABLE_ROOMS: MutatedFiles = {
  'src/engine': CRASHES,
  'src/engine/log': [
    'test/engine/log',
    'test/engine/faults.test.ts',
    'test/engine/wal',
    ...CRASHES,
  ],
  'src/engine/manifest': ['test/engine/faults.test.ts', ...CRASHES],
  'src/engine/write': ['test/engine/write', 'test/engine/wal', ...CRASHES],
  'src/engine/db.ts': ['test/engine/write', ...CRASHES],
  'src/engine/checkpoint': ['test/engine/checkpoint', ...CRASHES],
  'src/engine/jobs': ['test/engine/checkpoint', 'test/engine/ingest', ...CRASHES],
  'src/engine/ingest': ['test/engine/ingest', REGRESSIONS, ...CRASHES],
  'src/engine/repair': ['test/engine/repair'],
  'src/engine/destroy.ts': [REGRESSIONS],
  'src/node': ['test/node/nodeVfs.test.ts', 'test/node/nodeSync.test.ts'],
};

/** Other things have an end, too. */
const OTHER_ROOMS = /^src\/engine\/(transaction|jobs\/threads)\//;

/** Every source in which something may be made durable. */
export function durableFiles(): MutatedFiles {
  const files = ['src/engine', 'src/node'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => `${room}/${name.replaceAll('\\', '/')}`)
      .filter((file) => !OTHER_ROOMS.test(file)),
  );
  return Object.fromEntries(files.sort().map((file) => [file, watchersOf(file)]));
}

function watchersOf(file: string): Watchers {
  const rooms = Object.keys(DURABLE_ROOMS).filter((room) => file.startsWith(room));
  return DURABLE_ROOMS[rooms.sort((left, right) => right.length - left.length)[0]!]!;
}

const DAMAGE = 'test/reliability/damage';
const OTHERS = 'test/readers/checksums.test.ts';
const LEVELDB = 'test/readers/leveldbDamage.test.ts';
const ROCKSDB = 'test/readers/rocksdbOwnTables.test.ts';
/** Each comparison of a checksum. */
export const CHECKED_FILES: MutatedFiles = {
  'src/engine/log/recordCheck.ts': ['test/engine/wal', DAMAGE],
  'src/engine/log/logReader.ts': ['test/engine/wal', DAMAGE],
  'src/engine/table/blockTrailer.ts': ['test/engine/table', DAMAGE],
  'src/engine/table/footer.ts': ['test/engine/table', DAMAGE],
  'src/protocol/traceReader.ts': ['test/protocol/trace.test.ts'],
  'src/readers/recordLog/logForm.ts': [LEVELDB, 'test/readers'],
  'src/readers/sst/blockFile.ts': [ROCKSDB, 'test/readers'],
  'src/readers/sst/footer.ts': [OTHERS],
  'src/readers/rocksdb/blobFile.ts': [OTHERS],
  'src/readers/pebble/blobFile.ts': [OTHERS],
  'src/readers/pebble/footer.ts': [OTHERS],
  'src/base/compression/zstd/zstdDecoder.ts': [OTHERS],
  'src/base/compression/bzip2Stream.ts': ['test/base/compression', OTHERS],
};

const MERGES: Watchers = [
  'test/engine/compaction/dropRules.test.ts',
  'test/engine/compaction/rangeTombstoneMerge.test.ts',
  'test/engine/rangeDelete',
  'test/engine/compaction',
  'test/model',
];
/** What decides about dropping: of entries, range deletes and whole tables. */
export const RULE_FILES: MutatedFiles = {
  'src/engine/compaction/dropRules.ts': MERGES,
  'src/engine/compaction/snapshotStripes.ts': MERGES,
  'src/engine/compaction/versionSifter.ts': ['test/engine/merge', ...MERGES],
  'src/engine/compaction/rangeTombstoneMerge.ts': MERGES,
  'src/engine/compaction/ageDrops.ts': MERGES,
  'src/engine/compaction/compactionRun.ts': ['test/engine/metrics', ...MERGES],
  'src/engine/compaction/planCheck.ts': MERGES,
  'src/engine/rangeDelete/fragments.ts': MERGES,
  'src/engine/rangeDelete/rangeTombstone.ts': [
    'test/engine/rangeDelete/fragments.test.ts',
    ...MERGES,
  ],
  'src/engine/iterator/visibleKind.ts': ['test/engine/iterator', ...MERGES],
  'src/engine/expiry.ts': ['test/engine/expiry.test.ts', ...MERGES],
};
