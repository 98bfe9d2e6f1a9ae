// A recording behind its viewers: the same messages as from a store, but nothing runs. Each viewer
// gets the batches one after the other as it acknowledges them.

import { readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { LsmError } from '../base/errors.ts';
import { decodeFromViewer, encode, requestIdOf } from '../protocol/codec.ts';
import type { SessionStatus } from '../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../protocol/messages.ts';
import type { Trace } from '../protocol/traceReader.ts';
import { readTrace } from '../protocol/traceReader.ts';
import { errorReply } from './requests/requestRunner.ts';
import type { ViewerId } from './threadMessages.ts';
import type { HostLine, ViewerHost } from './viewerHost.ts';

/** Largest recording that is opened, bytes: it is read whole. */
const TRACE_FILE_SIZE_MAX = 1024 * 1024 * 1024;
/** Batches sent and not yet acknowledged. */
const BATCHES_UNDER_WAY_MAX = 2;

const STATUS: SessionStatus = {
  mode: 'live',
  recording: false,
  running: '',
  readOnlyBecause: 'this is a recording: nothing runs',
};

/**
 * Opens a recording.
 * @throws LsmError as `readTrace` does, or `IO`.
 */
export function openTraceHost(file: string, line: HostLine): ViewerHost {
  return new TraceHost(readTrace(readFile(file), path.basename(file)), line);
}

function readFile(file: string): Uint8Array {
  try {
    return readWhole(file);
  } catch (thrown) {
    if (thrown instanceof LsmError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const message = `the recording ${file} cannot be read: ${reason}`;
    throw new LsmError('IO', message, { file, cause: thrown });
  }
}

function readWhole(file: string): Uint8Array {
  const stat = statSync(file);
  if (!stat.isFile()) {
    throw new LsmError('NOT_A_STORE', `${file} is no recording: it is not a file`, { file });
  }
  if (stat.size > TRACE_FILE_SIZE_MAX) {
    const message = `${file} has ${stat.size} bytes, more than ${TRACE_FILE_SIZE_MAX}`;
    throw new LsmError('NOT_SUPPORTED', message, { file });
  }
  return readFileSync(file);
}

class TraceHost implements ViewerHost {
  readonly status = STATUS;
  private readonly trace: Trace;
  private readonly line: HostLine;
  /** Batches that each viewer was sent. */
  private readonly sent = new Map<ViewerId, number>();

  constructor(trace: Trace, line: HostLine) {
    this.trace = trace;
    this.line = line;
  }

  attach(viewer: ViewerId, events: boolean): void {
    if (!events) return;
    this.sent.set(viewer, 0);
    const { header, state, events: eventCount, cutShort } = this.trace;
    const trace = { title: header.title, events: eventCount, cutShort };
    const hello = { protocolVersion: PROTOCOL_VERSION, state, status: STATUS, trace };
    this.line.send(viewer, encode({ kind: 'hello', hello }));
    this.sendUpTo(viewer, BATCHES_UNDER_WAY_MAX);
  }

  detach(viewer: ViewerId): void {
    this.sent.delete(viewer);
  }

  receive(viewer: ViewerId, bytes: Uint8Array): void {
    const { id, acknowledged } = this.read(bytes);
    if (acknowledged !== undefined) this.sendUpTo(viewer, acknowledged + BATCHES_UNDER_WAY_MAX);
    if (id === undefined) return;
    const refusal = new LsmError('NOT_SUPPORTED', 'this is a recording: no store stands behind it');
    this.line.send(viewer, encode({ kind: 'reply', id, reply: errorReply(refusal) }));
  }

  async close(): Promise<void> {
    this.sent.clear();
  }

  /** Nothing of a message matters but whether it is a request or acknowledges a batch. */
  private read(bytes: Uint8Array): { readonly id?: number; readonly acknowledged?: number } {
    try {
      const message = decodeFromViewer(bytes);
      if (message.kind === 'ack') return { acknowledged: message.batch };
      return message.kind === 'request' ? { id: message.id } : {};
    } catch {
      const id = requestIdOf(bytes);
      return id === undefined ? {} : { id };
    }
  }

  /** Sends the viewer its batches up to a number. */
  private sendUpTo(viewer: ViewerId, last: number): void {
    const already = this.sent.get(viewer);
    if (already === undefined) return;
    const end = Math.min(last, this.trace.batches.length);
    for (let batch = already + 1; batch <= end; batch++) {
      const { events, leftOut } = this.trace.batches[batch - 1]!;
      this.line.send(viewer, encode({ kind: 'batch', events, leftOut, batch }));
      this.sent.set(viewer, batch);
    }
  }
}
