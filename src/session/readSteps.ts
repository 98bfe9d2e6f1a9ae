// The steps of single reads, for whoever asks for them: a sink that listens only while one read
// runs, so that all others cost what they always do.

import type { EventNumber, LsmEventBody } from '../protocol/events.ts';
import type { EventSink } from '../protocol/eventSink.ts';

/** Takes one step of a read, as docs/events.md tells it. */
export type StepListener = (step: LsmEventBody) => void;

/** Given to a store when it is opened. */
export class ReadSteps implements EventSink {
  structural = false;
  write = false;
  read = false;
  entry = false;
  readonly gate = null;
  private listener: StepListener | undefined;

  emit(body: LsmEventBody): EventNumber {
    this.listener?.(body);
    return 0;
  }

  /** Reads, and tells the steps when a listener is given. The read must be over when it returns. */
  during<T>(listener: StepListener | undefined, read: () => T): T {
    this.listener = listener;
    this.read = listener !== undefined;
    try {
      return read();
    } finally {
      this.read = false;
      this.listener = undefined;
    }
  }
}
