// Makes a block with restart points of entries that are stored otherwise, each key whole, so that
// one kind of cursor walks over all kinds of tables.

import { ByteWriter } from '../../base/byteWriter.ts';
import { Block } from './block.ts';

const INITIAL_BYTES = 32 * 1024;

/** Takes entries in order. */
export class RowBlockBuilder {
  private readonly writer = new ByteWriter(INITIAL_BYTES);
  private readonly restarts: number[] = [];

  /** The value is `bytes[start, end)`. */
  add(key: Uint8Array, bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    const { writer } = this;
    this.restarts.push(writer.length);
    writer.writeVarint(0);
    writer.writeVarint(key.length);
    writer.writeVarint(end - start);
    writer.writeBytes(key);
    writer.writeBytes(bytes, start, end);
  }

  /** @param offset where in the file the entries came from, for messages. */
  finish(file: string, offset: number): Block {
    const { writer, restarts } = this;
    for (const restart of restarts) writer.writeUint32(restart);
    writer.writeUint32(restarts.length);
    return new Block(writer.toBytes(), file, offset);
  }
}
