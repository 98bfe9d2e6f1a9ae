// Pebble's directories made by hand, in memory: a manifest of the edits that a test wants, and
// whatever else lies beside it. Forms as `docs/formats/pebble.md` has them.

import { concatBytes } from '../../src/base/bytes.ts';
import { ByteWriter } from '../../src/base/byteWriter.ts';
import { maskCrc32 } from '../../src/base/crc32.ts';
import { crc32c } from '../../src/base/crc32c.ts';
import { MemoryVfs } from '../../src/base/memoryVfs.ts';
import { PebbleReader } from '../../src/readers/pebble/pebbleReader.ts';
import type { RocksdbTable } from '../../src/readers/rocksdb/newFile.ts';
import { pebbleTable } from './pebbleTables.ts';
import type { TableMade } from './pebbleTables.ts';
import { readerWorld } from './readerWorld.ts';

/** What an edit does; tables of level 0 unless they say otherwise. */
export interface EditMade {
  readonly comparator?: string;
  readonly added?: readonly (TableMade & {
    readonly level?: number;
    /** Fields of the table, each with its tag and its length where it has one. */
    readonly fields?: readonly number[];
  })[];
  readonly removed?: readonly { readonly level?: number; readonly number: number }[];
  /** Further fields, as they stand. */
  readonly rest?: readonly number[];
}

const MANIFEST = 'MANIFEST-000001';
const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const NEW_FILE_4 = 103;
const FIELD_END = 1;

/** A reader of a directory with this manifest and these files, and its disk. */
export async function pebbleDirectory(
  edits: readonly EditMade[],
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<{ readonly reader: PebbleReader; readonly vfs: MemoryVfs }> {
  const vfs = new MemoryVfs();
  vfs.makeDirectory('/db');
  const whole: Record<string, Uint8Array> = {
    [`marker.manifest.000001.${MANIFEST}`]: new Uint8Array(0),
    'marker.format-version.000001.024': new Uint8Array(0),
    [MANIFEST]: recordLog(edits.map(editBytes)),
    ...files,
  };
  for (const [name, bytes] of Object.entries(whole)) {
    const file = vfs.open(vfs.join('/db', name), 'create');
    file.write(bytes, 0, bytes.length, 0);
    file.close();
  }
  return { reader: new PebbleReader('/db', await readerWorld(vfs)), vfs };
}

/** Adds to the manifest, as Pebble does while somebody reads. */
export function appendEdit(vfs: MemoryVfs, edit: EditMade): void {
  const file = vfs.open(vfs.join('/db', MANIFEST), 'write');
  const bytes = recordLog([editBytes(edit)]);
  file.write(bytes, 0, bytes.length, file.sizeBytes());
  file.close();
}

/** A record of a manifest. */
function editBytes({ comparator, added = [], removed = [], rest = [] }: EditMade): Uint8Array {
  const writer = new ByteWriter();
  if (comparator !== undefined) {
    writer.writeVarint(1);
    writer.writeText(comparator);
  }
  for (const { level = 0, number } of removed) {
    for (const value of [6, level, number]) writer.writeVarint(value);
  }
  for (const { level = 0, fields = [], ...table } of added)
    writeTable(writer, level, fields, table);
  for (const value of [3, 1000]) writer.writeVarint(value);
  writer.writeBytes(Uint8Array.from(rest));
  return writer.toBytes();
}

function writeTable(
  writer: ByteWriter,
  level: number,
  fields: readonly number[],
  made: TableMade,
): void {
  const table: RocksdbTable = pebbleTable(made);
  for (const value of [NEW_FILE_4, level, table.number, table.sizeBytes]) writer.writeVarint(value);
  writer.writeLengthAndBytes(table.smallest);
  writer.writeLengthAndBytes(table.largest);
  writer.writeVarint(table.smallestSequence);
  writer.writeVarint(table.largestSequence);
  writer.writeBytes(Uint8Array.from([...fields, FIELD_END]));
}

/** LevelDB's record log; records go over as many blocks as they need. */
function recordLog(records: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter();
  for (const record of records) {
    for (let at = 0; at === 0 || at < record.length;) {
      const room = BLOCK_BYTES - (writer.length % BLOCK_BYTES);
      if (room < HEADER_BYTES) {
        writer.writeBytes(new Uint8Array(room));
        continue;
      }
      const end = Math.min(record.length, at + room - HEADER_BYTES);
      const type = pieceType(at === 0, end === record.length);
      writeLogPiece(writer, Uint8Array.of(type), record.subarray(at, end));
      at = Math.max(end, 1);
    }
  }
  return writer.toBytes();
}

/** @param header the type, and what follows it in logs of newer forms. */
export function writeLogPiece(writer: ByteWriter, header: Uint8Array, content: Uint8Array): void {
  const checked = concatBytes([header, content]);
  writer.writeUint32(maskCrc32(crc32c(checked, 0, checked.length)));
  writer.writeUint16(content.length);
  writer.writeBytes(checked);
}

function pieceType(isFirst: boolean, isLast: boolean): number {
  if (isFirst) return isLast ? 1 : 2;
  return isLast ? 4 : 3;
}
