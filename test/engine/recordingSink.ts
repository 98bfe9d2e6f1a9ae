// A listener that stamps and keeps what it hears.

import type { EventNumber, LsmEvent, LsmEventBody } from '../../src/protocol/events.ts';
import type { EventSink } from '../../src/protocol/eventSink.ts';

/** Listens to everything unless told otherwise. */
export class RecordingSink implements EventSink {
  structural = true;
  write = true;
  read = true;
  entry = true;
  gate: (() => Promise<void>) | null = null;
  onChange: (() => void) | undefined;
  readonly events: LsmEvent[] = [];
  /** Called with each event after it was kept. */
  listener: ((event: LsmEvent) => void) | undefined;

  emit(body: LsmEventBody): EventNumber {
    const number = this.events.length + 1;
    const event = { ...body, number, timeMicros: number } as LsmEvent;
    this.events.push(event);
    this.listener?.(event);
    return number;
  }

  /** Events of one kind, in order. */
  of<Kind extends LsmEvent['kind']>(kind: Kind): Extract<LsmEvent, { kind: Kind }>[] {
    return this.events.filter((event) => event.kind === kind) as Extract<
      LsmEvent,
      { kind: Kind }
    >[];
  }

  /** The kinds in order, for comparing sequences. */
  kinds(): string[] {
    return this.events.map((event) => event.kind);
  }
}
