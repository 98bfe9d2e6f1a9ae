// Every parser of bytes from outside, one line each: seeds that it reads well, and a reading that
// ends in nothing, in one of our errors, or in a fault of ours. A new format gets a line here.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import type { CompressionName } from '../../../src/base/compression/blockCodec.ts';
import { MemoryVfs } from '../../../src/base/memoryVfs.ts';
import { LOG_FOR_MANIFEST, LOG_FOR_WAL } from '../../../src/engine/log/logFormat.ts';
import { readCurrent } from '../../../src/engine/manifest/currentFile.ts';
import { readManifest } from '../../../src/engine/manifest/manifestLog.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { WalReader } from '../../../src/engine/wal/walReader.ts';
import { nodeCodecs } from '../../../src/node/nodeCodecs.ts';
import { decodeFromViewer, decodeToViewer, encode, pack } from '../../../src/protocol/codec.ts';
import { readTrace } from '../../../src/protocol/traceReader.ts';
import { TraceWriter } from '../../../src/protocol/traceWriter.ts';
import { decodeLeveldbEdit } from '../../../src/readers/leveldb/versionEdit.ts';
import { LeveldbReader } from '../../../src/readers/leveldb/leveldbReader.ts';
import { decodeWriteBatch as decodeLeveldbBatch } from '../../../src/readers/leveldb/writeBatch.ts';
import { ProblemList } from '../../../src/readers/problems.ts';
import { parseOptions } from '../../../src/readers/rocksdb/optionsFile.ts';
import { decodeRocksdbEdit } from '../../../src/readers/rocksdb/versionEdit.ts';
import { decodeWriteBatch as decodeRocksdbBatch } from '../../../src/readers/rocksdb/writeBatch.ts';
import { CsvReader } from '../../../src/session/importing/csv.ts';
import { jsonLinesReader } from '../../../src/session/importing/jsonLines.ts';
import type { RecordReader } from '../../../src/session/importing/reading.ts';
import { tsvReader } from '../../../src/session/importing/tsv.ts';
import { DIRECTORY, simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import { ModelStore, runModel } from '../../protocol/modelStore.ts';
import { readerWorld } from '../../readers/readerWorld.ts';
import { SMALL_STORES, makeSmallStore } from '../damage/smallStores.ts';
import type { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { repairLog } from './checksums.ts';

/** A parser under test. */
export interface FuzzedParser {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** Reads all of it; throws only `LsmError`. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** Makes checksums right again after a mutation, so that what lies behind them is reached. */
  readonly repair?: (bytes: Uint8Array) => Uint8Array;
}

const LEVELDB = path.resolve('test/fixtures/leveldb-snappy/db');
const codecs = nodeCodecs();
await codecs.prepare(['zstd']);
const world = await readerWorld();

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

async function readRecords(reader: RecordReader, bytes: Uint8Array): Promise<void> {
  await reader.push(bytes.subarray(0, bytes.length >> 1));
  await reader.push(bytes.subarray(bytes.length >> 1));
  await reader.end();
}

/** A whole store of ours in which one file is replaced. */
async function readStore(disk: SimulatedDisk, name: string, bytes: Uint8Array): Promise<void> {
  const copy = disk.afterKill();
  copy.place(name, bytes);
  await verifyStore(DIRECTORY, simulatedEnvironment(1, copy));
}

/** A LevelDB directory in which one file is replaced. */
function readLeveldb(name: string, bytes: Uint8Array): void {
  const vfs = new MemoryVfs();
  vfs.makeDirectory('/db');
  for (const own of readdirSync(LEVELDB)) {
    const content = own === name ? bytes : new Uint8Array(readFileSync(path.join(LEVELDB, own)));
    const file = vfs.open(`/db/${own}`, 'create');
    file.write(content, 0, content.length, 0);
  }
  const reader = new LeveldbReader('/db', { ...world, vfs });
  for (const _ of reader.entries({}));
  reader.close();
}

function sampleTrace(): Uint8Array {
  const writer = new TraceWriter(new ModelStore().describe());
  const { events } = runModel([1, 2, 3], () => undefined);
  const header = { title: 'fuzz', source: 'test', createdMicros: 1 };
  return Buffer.concat([writer.begin(header), writer.append(events, events.length), writer.end()]);
}

async function storeParsers(): Promise<FuzzedParser[]> {
  const { disk } = await makeSmallStore(SMALL_STORES[1]!);
  const files = [...disk.contents()];
  const [manifest] = files.find(([name]) => name.startsWith('MANIFEST'))!;
  const logs = files.filter(([name]) => name.endsWith('.log')).map(([, bytes]) => bytes);
  const tables = files.filter(([name]) => name.endsWith('.sst'));
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
    ...tables.slice(0, 2).map(([name, bytes]): FuzzedParser => {
      return {
        name: `table ${name}`,
        seeds: [bytes],
        read: (mutant) => readStore(disk, name, mutant),
      };
    }),
  ];
}

function messageParsers(): FuzzedParser[] {
  const requests = [
    encode({ kind: 'hello', version: 1 } as never),
    pack({ kind: 'request', id: 1, request: { kind: 'get', key: new Uint8Array(3) } }),
    pack({ kind: 'ack', eventNumber: 7 }),
  ];
  return [
    { name: 'message from the page', seeds: requests, read: decodeFromViewer },
    { name: 'message to the page', seeds: requests, read: decodeToViewer },
    { name: 'trace', seeds: [sampleTrace()], read: (bytes) => readTrace(bytes, 'a.lsmtrace') },
  ];
}

function importParsers(): FuzzedParser[] {
  const table = 'id,name\n1,"a ""b"" c"\n2,d\r\n3,"e\nf"\n';
  return [
    {
      name: 'CSV',
      seeds: [encodeUtf8(table)],
      read: (bytes) => readRecords(new CsvReader('id'), bytes),
    },
    {
      name: 'TSV',
      seeds: [encodeUtf8(table.replaceAll(',', '\t'))],
      read: (bytes) => readRecords(tsvReader('id'), bytes),
    },
    {
      name: 'JSON Lines',
      seeds: [encodeUtf8('{"id":1,"name":"a"}\n{"id":"2","more":[1,{"x":null}]}\n')],
      read: (bytes) => readRecords(jsonLinesReader('id'), bytes),
    },
  ];
}

function foreignParsers(): FuzzedParser[] {
  const batch = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 1, 97, 1, 98, 0, 1, 99);
  const edit = Uint8Array.of(1, 2, 97, 98, 2, 3, 3, 9, 4, 200, 1, 6, 1, 5);
  const options = '[Version]\n  rocksdb_version=9.0.0\n[CFOptions "default"]\n  num_levels=7\n';
  return [
    {
      name: 'LevelDB batch',
      seeds: [batch],
      read: (bytes) => decodeLeveldbBatch(bytes, '000003.log', 0, new ProblemList()),
    },
    {
      name: 'LevelDB edit',
      seeds: [edit],
      read: (bytes) => decodeLeveldbEdit(bytes, 'MANIFEST', 0),
    },
    {
      name: 'RocksDB batch',
      seeds: [batch],
      read: (bytes) => decodeRocksdbBatch(bytes, '000003.log', 0),
    },
    {
      name: 'RocksDB edit',
      seeds: [edit],
      read: (bytes) => decodeRocksdbEdit(bytes, 'MANIFEST', 0),
    },
    {
      name: 'RocksDB options',
      seeds: [encodeUtf8(options)],
      read: (bytes) => parseOptions(new TextDecoder().decode(bytes), 'OPTIONS-000007'),
    },
    ...readdirSync(LEVELDB)
      .filter((name) => !name.startsWith('LO'))
      .map((name): FuzzedParser => {
        const seed = new Uint8Array(readFileSync(path.join(LEVELDB, name)));
        return {
          name: `LevelDB ${name}`,
          seeds: [seed],
          read: (bytes) => readLeveldb(name, bytes),
        };
      }),
  ];
}

function decompressors(): FuzzedParser[] {
  const raw = encodeUtf8('some text that says some text again and again '.repeat(20));
  const names: readonly CompressionName[] = ['lz4', 'snappy', 'deflate', 'zstd'];
  const packed = names.map((name): FuzzedParser => {
    return {
      name,
      seeds: [codecs.codec(name).compress(raw).slice()],
      read: (mutant) => codecs.unpack(name, mutant, raw.length, 'a block', 0),
    };
  });
  return packed;
}

export const PARSERS: readonly FuzzedParser[] = [
  ...(await storeParsers()),
  ...messageParsers(),
  ...importParsers(),
  ...foreignParsers(),
  ...decompressors(),
];
