// Every parser of bytes from outside, one line each: seeds that it reads well, and a reading that
// ends in nothing, in one of our errors, or in a fault of ours. A new format gets a line here.

import { deflateSync } from 'node:zlib';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import type { CompressionName } from '../../../src/base/compression/blockCodec.ts';
import { decodeZstd } from '../../../src/base/compression/zstd/zstdDecoder.ts';
import { corruption } from '../../../src/base/errors.ts';
import { MemoryVfs } from '../../../src/base/memoryVfs.ts';
import { LOG_FOR_MANIFEST, LOG_FOR_WAL } from '../../../src/engine/log/logFormat.ts';
import { readCurrent } from '../../../src/engine/manifest/currentFile.ts';
import { readManifest } from '../../../src/engine/manifest/manifestLog.ts';
import { COMPARATOR_NAME } from '../../../src/engine/internalKey.ts';
import { decodeEdit, EMPTY_EDIT, encodeEdit } from '../../../src/engine/manifest/versionEdit.ts';
import type { VersionEdit } from '../../../src/engine/manifest/versionEdit.ts';
import {
  decodeRangeTombstones,
  encodeRangeTombstones,
} from '../../../src/engine/table/rangeTombstoneBlock.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { WalReader } from '../../../src/engine/wal/walReader.ts';
import { nodeCodecs } from '../../../src/node/nodeCodecs.ts';
import { decodeFromViewer, decodeToViewer, encode } from '../../../src/protocol/codec.ts';
import type { FromViewer, ToViewer } from '../../../src/protocol/messages.ts';
import { readTrace } from '../../../src/protocol/traceReader.ts';
import { TraceWriter } from '../../../src/protocol/traceWriter.ts';
import { CsvReader } from '../../../src/session/importing/csv.ts';
import { jsonLinesReader } from '../../../src/session/importing/jsonLines.ts';
import type { RecordReader } from '../../../src/session/importing/reading.ts';
import { tsvReader } from '../../../src/session/importing/tsv.ts';
import { fromBase64 } from '../../base/compression/sample.ts';
import { DIRECTORY, simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import { table } from '../../engine/tableFixture.ts';
import { ModelStore, runModel } from '../../protocol/modelStore.ts';
import { readerWorld } from '../../readers/readerWorld.ts';
import { SMALL_STORES, makeSmallStore } from '../damage/smallStores.ts';
import type { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { repairLog } from './checksums.ts';
import { foreignParsers } from './foreignParsers.ts';
import type { FuzzedParser } from './fuzzedParser.ts';

const codecs = nodeCodecs();
await codecs.prepare(['zstd']);
const { uncompress } = await readerWorld();

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
  const { events } = runModel([1, 2, 3], () => undefined);
  const fromPage: readonly FromViewer[] = [
    { kind: 'request', id: 1, request: { kind: 'get', key: encodeUtf8('key') } },
    { kind: 'ack', batch: 3, eventNumber: 7 },
    { kind: 'cancel', id: 1 },
  ];
  const toPage: readonly ToViewer[] = [
    { kind: 'batch', events: events.slice(0, 40), leftOut: 0, batch: 1 },
  ];
  return [
    { name: 'message from the page', seeds: fromPage.map(encode), read: decodeFromViewer },
    { name: 'message to the page', seeds: toPage.map(encode), read: decodeToViewer },
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
  return [
    ...packed,
    {
      name: 'bzip2',
      seeds: [fromBase64('QlpoOTFBWSZTWXdLsBQAAAAAgABAIAAhGEaC7kinChIO6XYCgA==')],
      read: (mutant) => uncompress('bzip2', mutant),
    },
    {
      name: 'zlib',
      seeds: [new Uint8Array(deflateSync(raw))],
      read: (mutant) => uncompress('zlib', mutant),
    },
    {
      name: 'zstd with a dictionary, by our own decoder',
      seeds: [codecs.codec('zstd').compress(raw).slice()],
      read: (mutant) => damageOf(() => decodeZstd(mutant, raw.length, raw.subarray(0, 64))),
    },
  ];
}

/** The decoder says what is wrong; that it is damage says whoever calls it. */
function damageOf(decode: () => Uint8Array): void {
  try {
    decode();
  } catch (thrown) {
    const isSaid = thrown instanceof Error && thrown.constructor === Error;
    throw isSaid ? corruption(thrown.message, 'a frame', 0) : thrown;
  }
}

export const PARSERS: readonly FuzzedParser[] = [
  ...(await storeParsers()),
  ...partParsers(),
  ...messageParsers(),
  ...importParsers(),
  ...foreignParsers(),
  ...decompressors(),
];
