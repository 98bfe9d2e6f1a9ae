// The one place through which all parts of a store hand out events. It stands before the listener's
// sink, so that a listener can be changed while jobs are running.

import type { EventNumber, LsmEventBody } from '../protocol/events.ts';
import type { EventSink } from '../protocol/eventSink.ts';

function silentSink(): EventSink {
  return { structural: false, write: false, read: false, entry: false, emit: () => 0, gate: null };
}

/** A sink that forwards to whichever sink is set. */
export class EventOutlet implements EventSink {
  /** Number of the last event handed out, 0 before the first. */
  lastNumber: EventNumber = 0;
  private sink: EventSink;
  private watcher: (() => void) | undefined;

  constructor(sink: EventSink | undefined) {
    this.sink = sink ?? silentSink();
  }

  set(sink: EventSink): void {
    this.sink.onChange = undefined;
    this.sink = sink;
    if (this.watcher !== undefined) this.watch(this.watcher);
  }

  /** Calls `onChange` now and whenever the listener has changed what it listens to. */
  watch(onChange: () => void): void {
    this.watcher = onChange;
    this.sink.onChange = onChange;
    onChange();
  }

  get structural(): boolean {
    return this.sink.structural;
  }

  get write(): boolean {
    return this.sink.write;
  }

  get read(): boolean {
    return this.sink.read;
  }

  get entry(): boolean {
    return this.sink.entry;
  }

  get gate(): (() => Promise<void>) | null {
    return this.sink.gate;
  }

  emit(body: LsmEventBody): EventNumber {
    this.lastNumber = this.sink.emit(body);
    return this.lastNumber;
  }
}
