// The parsers of our own files: whole ones, and parts of them that checksums hide in a file.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { MemoryVfs } from '../../../src/base/memoryVfs.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { COMPARATOR_NAME } from '../../../src/engine/internalKey.ts';
import { LOG_FOR_MANIFEST, LOG_FOR_WAL } from '../../../src/engine/log/logFormat.ts';
import { readCurrent } from '../../../src/engine/manifest/currentFile.ts';
import { readManifest } from '../../../src/engine/manifest/manifestLog.ts';
import { decodeEdit, EMPTY_EDIT, encodeEdit } from '../../../src/engine/manifest/versionEdit.ts';
import type { VersionEdit } from '../../../src/engine/manifest/versionEdit.ts';
import {
  decodeRangeTombstones,
  encodeRangeTombstones,
} from '../../../src/engine/table/rangeTombstoneBlock.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { WalReader } from '../../../src/engine/wal/walReader.ts';
import { acquireLock, newLockToken } from '../../../src/node/lockFile.ts';
import { DIRECTORY, simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import { table } from '../../engine/tableFixture.ts';
import { SMALL_STORES, makeSmallStore } from '../damage/smallStores.ts';
import type { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { blocksOf, repairLog, resealBlocks } from './checksums.ts';
import type { FuzzedParser } from './fuzzedParser.ts';

/** The files of a store of ours, and parts of them. */
export async function engineParsers(): Promise<FuzzedParser[]> {
  const { disk } = await makeSmallStore(SMALL_STORES[1]!);
  const files = [...disk.contents()];
  const [manifest] = files.find(([name]) => name.startsWith('MANIFEST'))!;
  const [log] = files.find(([name]) => name.endsWith('.log'))!;
  const logs = files.filter(([name]) => name.endsWith('.log')).map(([, bytes]) => bytes);
  const tables = files
    .filter(([name]) => name.endsWith('.sst'))
    .sort(([, left], [, right]) => right.length - left.length);
  return [
    {
      name: 'log',
      seeds: logs,
      read: readLog,
      repair: (bytes) => repairLog(bytes, { purpose: LOG_FOR_WAL, number: 2 }),
    },
    {
      name: 'manifest',
      seeds: [disk.contents().get(manifest)!],
      read: (bytes) => readManifest(diskWith(manifest, bytes), '/db', 1),
      repair: (bytes) => repairLog(bytes, { purpose: LOG_FOR_MANIFEST, number: 1 }),
    },
    {
      name: 'CURRENT',
      seeds: [encodeUtf8('MANIFEST-000001\n')],
      read: (bytes) => readCurrent(diskWith('CURRENT', bytes), '/db'),
    },
    {
      name: 'log of a store that is opened',
      seeds: [disk.contents().get(log)!],
      read: (bytes) => openStore(disk, log, bytes),
      repair: (bytes) =>
        repairLog(bytes, { purpose: LOG_FOR_WAL, number: Number.parseInt(log, 10) }),
    },
    {
      name: 'lock file',
      seeds: [lockOfTheDead()],
      read: takeLock,
      // A lock that cannot be read may be one that is just being written: it is waited for.
      runsMin: 20,
    },
    ...partParsers(),
    ...tables.slice(0, 2).map(([name, bytes]): FuzzedParser => {
      const blocks = blocksOf(bytes);
      return {
        name: `table ${name}`,
        seeds: [bytes],
        read: (mutant) => readStore(disk, name, mutant),
        repair: (mutant) => resealBlocks(mutant, blocks),
      };
    }),
  ];
}

/** Parts of our own tables by themselves: in a table their checksum hides them. */
function partParsers(): FuzzedParser[] {
  const tombstone = {
    ...{ from: encodeUtf8('a'), to: encodeUtf8('c') },
    ...{ sequence: 7, timestampMicros: 1_700_000_000_000_000 },
  };
  const edit: VersionEdit = {
    ...EMPTY_EDIT,
    ...{ comparator: COMPARATOR_NAME, addedLogs: [7], nextFile: 12, lastSequence: 34 },
    createdFamilies: [{ id: 1, name: 'other' }],
    familyOptions: [{ family: 1, options: { blockSize: 256, compression: 'lz4' } }],
    added: [{ family: 1, level: 3, table: table(6, 'b', 'd') }],
    cursors: [{ family: 1, level: 2, key: encodeUtf8('m') }],
  };
  return [
    {
      name: 'range deletes of a table',
      seeds: [encodeRangeTombstones([tombstone])],
      read: (bytes) => decodeRangeTombstones(bytes, '000003.sst', 0),
    },
    {
      name: 'edit',
      seeds: [encodeEdit(edit)],
      read: (bytes) => decodeEdit(bytes, 'MANIFEST-000001', 0),
    },
  ];
}

/** A disk with one file. */
function diskWith(name: string, bytes: Uint8Array): MemoryVfs {
  const vfs = new MemoryVfs();
  vfs.makeDirectory('/db');
  const file = vfs.open(`/db/${name}`, 'create');
  file.write(bytes, 0, bytes.length, 0);
  file.close();
  return vfs;
}

function readLog(bytes: Uint8Array): void {
  const reader = new WalReader(
    diskWith('000002.log', bytes).open('/db/000002.log', 'read'),
    2,
    true,
  );
  while (reader.next()) while (reader.cursor.next());
}

/** A whole store of ours in which one file is replaced. */
async function readStore(disk: SimulatedDisk, name: string, bytes: Uint8Array): Promise<void> {
  const copy = disk.afterKill();
  copy.place(name, bytes);
  await verifyStore(DIRECTORY, simulatedEnvironment(1, copy));
}

/** The same, when it is opened: what can be read goes on. */
async function openStore(disk: SimulatedDisk, name: string, bytes: Uint8Array): Promise<void> {
  const copy = disk.afterKill();
  copy.place(name, bytes);
  const db = await Lsm.open(DIRECTORY, simulatedEnvironment(1, copy));
  await db.close();
}

const folder = mkdtempSync(path.join(tmpdir(), 'lsm-lens-fuzz-'));
const lockPath = path.join(folder, 'LOCK');
process.once('exit', () => rmSync(folder, { recursive: true }));

/** A lock whose holder is no more. */
function lockOfTheDead(): Uint8Array {
  const lock = acquireLock(lockPath, newLockToken());
  const text = readFileSync(lockPath, 'utf8');
  lock.release();
  return encodeUtf8(text.replace(/"started":"[^"]*"/, '"started":"0"'));
}

/** Takes a lock over which somebody has left these bytes. */
function takeLock(bytes: Uint8Array): void {
  writeFileSync(lockPath, bytes);
  acquireLock(lockPath, newLockToken()).release();
}
