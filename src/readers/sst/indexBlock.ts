// Reads an index: for each data block a key that is not before the block's last one and before the
// next block's first, with the block's handle. RocksDB has further forms, which its properties tell
// (table/block_based/block_builder.cc, table/format.cc):
//
//   - keys without sequence number and kind, where no user key lies in two blocks
//   - delta encoded, without the length of the value: after a key that shares nothing, a handle;
//     else only how much larger (zigzag) the block is than the one before, which ends where it
//     begins
//   - with the block's first key after each handle
//   - in two levels: the handles are those of blocks that hold the index's parts

import { ByteReader } from '../../base/byteReader.ts';
import { copyOfRange } from '../../base/bytes.ts';
import type { LsmError } from '../../base/errors.ts';
import { TRAILER_BYTES } from '../internalKey.ts';
import type { Block } from './block.ts';
import { BLOCK_TRAILER_BYTES, readBlockHandle } from './blockHandle.ts';
import type { BlockHandle } from './blockHandle.ts';

/** How an index is written. */
export interface IndexForm {
  /** Its keys lack sequence number and kind. */
  readonly keysAreUserKeys: boolean;
  readonly valuesAreDeltas: boolean;
  readonly hasFirstKeys: boolean;
}

/** LevelDB's, and that of RocksDB before format version 3. */
export const PLAIN_FORM: IndexForm = {
  keysAreUserKeys: false,
  valuesAreDeltas: false,
  hasFirstKeys: false,
};

/** A block as the index names it. */
export interface IndexEntry {
  /** User key at or after the block's last one. */
  readonly key: Uint8Array;
  readonly handle: BlockHandle;
  /** The block's first key, internal, where the index has it. */
  readonly firstKey?: Uint8Array;
  /** Why neither the block nor its neighbours can be found: their part of the index is damaged. */
  readonly fault?: LsmError;
}

/** The entries of an index, or of a part of it. @throws LsmError `CORRUPTION` */
export function readIndex(block: Block, form: IndexForm): IndexEntry[] {
  return [...new IndexWalk(block, form).entries()];
}

class IndexWalk {
  private readonly form: IndexForm;
  private readonly reader: ByteReader;
  private key: Uint8Array = new Uint8Array(0);
  private last: BlockHandle | undefined;

  constructor(block: Block, form: IndexForm) {
    const { bytes, file, offset, entriesEnd } = block;
    this.form = form;
    this.reader = new ByteReader(bytes, file, offset, 0, entriesEnd);
  }

  *entries(): Generator<IndexEntry> {
    while (this.reader.remaining > 0) yield this.next();
  }

  private next(): IndexEntry {
    const { reader, form } = this;
    const shared = reader.readVarint32('the shared length of a key');
    const unshared = reader.readVarint32('the length of a key');
    const valueLength = form.valuesAreDeltas ? 0 : reader.readVarint32('the length of a value');
    this.takeKey(shared, unshared);
    reader.need(valueLength, 'a handle');
    const end = reader.position + valueLength;
    this.last = form.valuesAreDeltas && shared > 0 ? this.following() : readBlockHandle(reader);
    const entry = { key: this.userKey(), handle: this.last, ...this.firstKey() };
    if (!form.valuesAreDeltas) reader.position = end;
    return entry;
  }

  private firstKey(): Pick<IndexEntry, 'firstKey'> {
    const { reader, form } = this;
    if (!form.hasFirstKeys) return {};
    const length = reader.readLength('the length of a first key');
    return { firstKey: reader.readBytes(length, 'a first key').slice() };
  }

  private takeKey(shared: number, unshared: number): void {
    const { reader, key } = this;
    if (shared > key.length) throw reader.damage(`a key shares ${shared} of ${key.length} bytes`);
    const added = reader.readBytes(unshared, 'a key');
    this.key = new Uint8Array(shared + unshared);
    this.key.set(key.subarray(0, shared));
    this.key.set(added, shared);
  }

  private userKey(): Uint8Array {
    const { key, form, reader } = this;
    if (form.keysAreUserKeys) return key;
    if (key.length < TRAILER_BYTES) throw reader.damage('a key has no trailer');
    return copyOfRange(key, 0, key.length - TRAILER_BYTES);
  }

  /** The block after the last one. */
  private following(): BlockHandle {
    const { reader, last } = this;
    if (last === undefined) throw reader.damage('an index begins with a difference');
    const zigzag = reader.readVarint('the difference of two sizes');
    const difference = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    const sizeBytes = last.sizeBytes + difference;
    if (sizeBytes < 0) throw reader.damage('a block is smaller than nothing');
    return { offset: last.offset + last.sizeBytes + BLOCK_TRAILER_BYTES, sizeBytes };
  }
}
