// A directory of LevelDB that is larger than any test would care to wait for the engine to write:
// the table of a fixture many times over in level 0, and a manifest of many edits.

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ByteWriter } from '../../src/base/byteWriter.ts';
import { concatBytes } from '../../src/base/bytes.ts';
import { maskCrc32 } from '../../src/base/crc32.ts';
import { crc32c } from '../../src/base/crc32c.ts';
import { decodeLeveldbEdit } from '../../src/readers/leveldb/versionEdit.ts';
import { BLOCK_BYTES, HEADER_BYTES } from '../../src/readers/recordLog/logForm.ts';

const fixture = path.resolve(import.meta.dirname, '../fixtures/leveldb-snappy/db');
const TABLE = '000005.ldb';
const FIRST_NUMBER = 10;
const WHOLE_RECORD = 1;
/** Of the fixture; none of its entries is younger. */
const LAST_SEQUENCE = 1000;

/** How large. */
export interface LargeLeveldb {
  readonly tables: number;
  /** Edits of the manifest that change nothing. */
  readonly edits: number;
}

/** Writes it; returns the names of its tables, oldest first. */
export async function writeLargeLeveldb(
  directory: string,
  { tables, edits }: LargeLeveldb,
): Promise<readonly string[]> {
  await mkdir(directory);
  const numbers = Array.from({ length: tables }, (_, index) => FIRST_NUMBER + index);
  const { sizeBytes, smallest, largest } = await tableOfFixture();
  const records = [
    edit((to) => {
      to.writeVarint(1);
      to.writeText('leveldb.BytewiseComparator');
    }),
    ...Array.from({ length: edits }, (_, sequence) => edit((to) => writeAll(to, [4, sequence]))),
    ...numbers.map((number) =>
      edit((to) => {
        writeAll(to, [7, 0, number, sizeBytes]);
        to.writeLengthAndBytes(smallest);
        to.writeLengthAndBytes(largest);
      }),
    ),
    edit((to) => writeAll(to, [2, 3, 3, FIRST_NUMBER + tables, 4, LAST_SEQUENCE])),
  ];
  await writeFile(path.join(directory, 'MANIFEST-000002'), recordLog(records));
  await writeFile(path.join(directory, 'CURRENT'), 'MANIFEST-000002\n');
  const names = numbers.map((number) => `${String(number).padStart(6, '0')}.ldb`);
  for (const name of names) await copyFile(path.join(fixture, TABLE), path.join(directory, name));
  return names;
}

async function tableOfFixture(): Promise<
  ReturnType<typeof decodeLeveldbEdit>['added'][0]['table']
> {
  const manifest = new Uint8Array(await readFile(path.join(fixture, 'MANIFEST-000002')));
  for (let at = 0; at < manifest.length;) {
    const end = at + HEADER_BYTES + manifest[at + 4]! + 256 * manifest[at + 5]!;
    const { added } = decodeLeveldbEdit(manifest.subarray(at + HEADER_BYTES, end), '', at);
    if (added[0] !== undefined) return added[0].table;
    at = end;
  }
  throw new Error('the fixture has no table');
}

/** Records that are each shorter than a block, as LevelDB lays them out. */
function recordLog(records: readonly Uint8Array[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let left = BLOCK_BYTES;
  for (const record of records) {
    if (left < HEADER_BYTES + record.length) {
      pieces.push(new Uint8Array(left));
      left = BLOCK_BYTES;
    }
    const checked = concatBytes([Uint8Array.of(WHOLE_RECORD), record]);
    const head = new DataView(new ArrayBuffer(6));
    head.setUint32(0, maskCrc32(crc32c(checked, 0, checked.length)), true);
    head.setUint16(4, record.length, true);
    pieces.push(new Uint8Array(head.buffer), checked);
    left -= HEADER_BYTES + record.length;
  }
  return concatBytes(pieces);
}

function edit(write: (to: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.toBytes();
}

function writeAll(to: ByteWriter, numbers: readonly number[]): void {
  for (const number of numbers) to.writeVarint(number);
}
