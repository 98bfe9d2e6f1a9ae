// The sink of one job: passes everything on, and notes which blocks of its tables viewers have
// seen, so that the engine's own account of the job says the same.

import type { EventNumber, LsmEventBody, TableEvent } from '../../protocol/events.ts';
import type { EventSink } from '../../protocol/eventSink.ts';

/** A block that was told of. */
export type ToldBlock = Extract<TableEvent, { readonly kind: 'table.block' }>;

/** Stands between a job's table writers and the store's sink. */
export class JobSink implements EventSink {
  private readonly sink: EventSink;
  private readonly onBlock: (block: ToldBlock) => void;

  constructor(sink: EventSink, onBlock: (block: ToldBlock) => void) {
    this.sink = sink;
    this.onBlock = onBlock;
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
    const number = this.sink.emit(body);
    if (body.kind === 'table.block') this.onBlock(body);
    return number;
  }
}
