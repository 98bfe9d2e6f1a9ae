// The file that a table is written into: one position, one reused buffer, few large writes.

import { storeUint32 } from '../../base/byteWriter.ts';
import type { CompressionName } from '../../base/compression/blockCodec.ts';
import type { Vfs, VfsFile } from '../../base/vfs.ts';
import { compressionCode } from './blockCompression.ts';
import { BLOCK_TRAILER_BYTES, blockChecksum } from './blockTrailer.ts';
import type { BlockHandle } from './footer.ts';

const BUFFER_BYTES = 256 * 1024;

/** Where a block went, and the checksum in its trailer. */
export interface WrittenBlock extends BlockHandle {
  readonly checksum: number;
  readonly compression: CompressionName;
}

/** Appends to a new file. Nothing is durable before `sync`. */
export class TableOutput {
  private readonly vfs: Vfs;
  private readonly path: string;
  private readonly file: VfsFile;
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private buffered = 0;
  private written = 0;

  /** @throws LsmError `IO` when the file is there already or cannot be made. */
  constructor(vfs: Vfs, path: string) {
    this.vfs = vfs;
    this.path = path;
    this.file = vfs.open(path, 'create');
  }

  /** Bytes appended so far, buffered ones included. */
  get sizeBytes(): number {
    return this.written + this.buffered;
  }

  /** Appends `bytes[0, sizeBytes)`, which is compressed already, and its trailer. */
  appendBlock(
    bytes: Uint8Array,
    sizeBytes: number,
    compression: CompressionName = 'none',
  ): WrittenBlock {
    const offset = this.sizeBytes;
    const code = compressionCode(compression);
    const checksum = blockChecksum(bytes, 0, sizeBytes, code, offset);
    this.append(bytes, sizeBytes);
    const trailer = new Uint8Array(BLOCK_TRAILER_BYTES);
    trailer[0] = code;
    storeUint32(trailer, 1, checksum);
    this.append(trailer, trailer.length);
    return { offset, sizeBytes, checksum, compression };
  }

  /** Appends the first `lengthBytes` of `bytes` as they are. */
  append(bytes: Uint8Array, lengthBytes: number): void {
    if (this.buffered + lengthBytes > BUFFER_BYTES) this.writeOut();
    if (lengthBytes > BUFFER_BYTES) {
      this.file.write(bytes, 0, lengthBytes, this.written);
      this.written += lengthBytes;
      return;
    }
    this.buffer.set(bytes.subarray(0, lengthBytes), this.buffered);
    this.buffered += lengthBytes;
  }

  /**
   * Writes what is buffered and makes the file durable; its name needs the directory's own sync.
   */
  async sync(): Promise<void> {
    this.writeOut();
    await this.file.sync();
  }

  /** Idempotent. */
  close(): void {
    this.file.close();
  }

  /** Closes the file and takes it away. */
  remove(): void {
    this.file.close();
    this.vfs.remove(this.path);
  }

  private writeOut(): void {
    if (this.buffered === 0) return;
    this.file.write(this.buffer, 0, this.buffered, this.written);
    this.written += this.buffered;
    this.buffered = 0;
  }
}
