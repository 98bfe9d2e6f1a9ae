// The sink of one job: passes everything on, and notes which blocks of its tables viewers have
// seen, so that the engine's own account of the job says the same.

import type { EventNumber, LsmEventBody, TableEvent } from '../../protocol/events.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import { EventOutlet } from '../eventOutlet.ts';

/** A block that was told of. */
export type ToldBlock = Extract<TableEvent, { readonly kind: 'table.block' }>;

/** Stands between a job's table writers and the store's sink. */
export class JobSink extends EventOutlet {
  private readonly onBlock: (block: ToldBlock) => void;

  constructor(sink: EventSink, onBlock: (block: ToldBlock) => void) {
    super(sink);
    this.onBlock = onBlock;
  }

  override emit(body: LsmEventBody): EventNumber {
    if (body.kind === 'table.block') this.onBlock(body);
    return super.emit(body);
  }
}
