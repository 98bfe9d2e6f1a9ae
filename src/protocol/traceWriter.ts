// Writes a recording piece by piece: each call hands out the bytes to append, so the caller may
// keep them in memory or in a file. The writer folds what it writes and adds keyframes by itself.

import { ByteWriter, storeUint32 } from '../base/byteWriter.ts';
import { encodeUtf8 } from '../base/bytes.ts';
import { pack } from './codec.ts';
import type { LsmEvent } from './events.ts';
import { reduce } from './reduce.ts';
import {
  TRACE_KEYFRAME_INTERVAL,
  TRACE_MAGIC,
  TRACE_RECORD_HEADER_BYTES,
  TRACE_RECORD_TYPES,
  TRACE_VERSION,
  traceRecordChecksum,
} from './traceFormat.ts';
import type { TraceHeader } from './traceFormat.ts';
import type { TreeState } from './treeState.ts';

/** One recording under way. */
export class TraceWriter {
  private state: TreeState;
  private events = 0;
  private eventsSinceKeyframe = 0;

  /** @param state where the recording's fold begins. */
  constructor(state: TreeState) {
    this.state = state;
  }

  /** The recording's first bytes. */
  begin(header: TraceHeader): Uint8Array<ArrayBuffer> {
    const writer = new ByteWriter();
    writer.writeBytes(encodeUtf8(TRACE_MAGIC));
    writer.writeUint32(TRACE_VERSION);
    appendRecord(writer, TRACE_RECORD_TYPES.header, header);
    appendRecord(writer, TRACE_RECORD_TYPES.state, { state: this.state });
    return writer.toBytes();
  }

  /**
   * The bytes of one more batch.
   * @param leftOut operations that happened since the last batch without an event of theirs in any.
   */
  append(events: readonly LsmEvent[], leftOut: number): Uint8Array<ArrayBuffer> {
    const writer = new ByteWriter(1024);
    appendRecord(writer, TRACE_RECORD_TYPES.batch, { events, leftOut });
    for (const event of events) this.state = reduce(this.state, event);
    this.events += events.length;
    this.eventsSinceKeyframe += events.length;
    if (this.eventsSinceKeyframe >= TRACE_KEYFRAME_INTERVAL) {
      appendRecord(writer, TRACE_RECORD_TYPES.state, { state: this.state });
      this.eventsSinceKeyframe = 0;
    }
    return writer.toBytes();
  }

  /** The recording's last bytes; without them a reader says that it was cut short. */
  end(): Uint8Array<ArrayBuffer> {
    const writer = new ByteWriter(64);
    appendRecord(writer, TRACE_RECORD_TYPES.end, { events: this.events });
    return writer.toBytes();
  }
}

function appendRecord(writer: ByteWriter, type: number, payload: object): void {
  const start = writer.length;
  const bytes = pack(payload);
  writer.writeUint8(type);
  writer.writeUint32(bytes.length);
  writer.writeUint32(0);
  writer.writeBytes(bytes);
  const checksum = traceRecordChecksum(writer.bytes, start, writer.length);
  storeUint32(writer.bytes, start + TRACE_RECORD_HEADER_BYTES - 4, checksum);
}
