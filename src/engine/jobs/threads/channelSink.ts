// The sink of a job in another thread: events go into the channel, and the store's thread hands
// them on to the viewers in that order.
//
// Nothing is lost but, while the viewers look on live and the ring is half full, single entries and
// blocks read: then the flags say that nobody listens to them. The totals in every
// `compaction.progress` and `flush.progress` still count them.

import type { EventNumber, LsmEventBody } from '../../../protocol/events.ts';
import type { EventSink } from '../../../protocol/eventSink.ts';
import type { FlushProgress, MergeProgress } from '../jobWork.ts';
import type { JobChannel } from './jobChannel.ts';
import {
  LISTENS_ENTRY,
  LISTENS_READ,
  LISTENS_STEP_BY_STEP,
  LISTENS_STRUCTURAL,
} from './jobChannel.ts';
import { encodeNote } from './jobNotes.ts';
import type { JobNote } from './jobNotes.ts';

/** Stands for the viewers in a job's thread. */
export class ChannelSink implements EventSink {
  /** Jobs write nothing that this flag is for. */
  readonly write = false;
  private readonly channel: JobChannel;
  private readonly tellNotesWait: () => void;
  private progress: FlushProgress | MergeProgress | null = null;

  /** @param tellNotesWait brings the store's thread to read the ring. */
  constructor(channel: JobChannel, tellNotesWait: () => void) {
    this.channel = channel;
    this.tellNotesWait = tellNotesWait;
  }

  get structural(): boolean {
    return (this.channel.listening & LISTENS_STRUCTURAL) !== 0;
  }

  get read(): boolean {
    return this.hears(LISTENS_READ);
  }

  get entry(): boolean {
    return this.hears(LISTENS_ENTRY);
  }

  get gate(): (() => Promise<void>) | null {
    return (this.channel.listening & LISTENS_STEP_BY_STEP) === 0 ? null : () => this.waitAtGate();
  }

  /** The event gets its number only in the store's thread; here it is 0. */
  emit(event: LsmEventBody): EventNumber {
    this.send({ progress: this.progress, event, gate: false });
    return 0;
  }

  /** How far the job is: goes with the next event, so that both are seen at once. */
  note(progress: FlushProgress | MergeProgress): void {
    this.progress = progress;
  }

  /** Sends what was noted and no event has taken along. */
  sendProgress(): void {
    if (this.progress !== null) this.send({ progress: this.progress, event: null, gate: false });
  }

  private hears(flag: number): boolean {
    const { listening } = this.channel;
    if ((listening & flag) === 0) return false;
    return (listening & LISTENS_STEP_BY_STEP) !== 0 || this.channel.hasTime;
  }

  /** This thread has nothing else to do: it blocks. */
  private waitAtGate(): Promise<void> {
    const { gatesOpened } = this.channel;
    this.send({ progress: this.progress, event: null, gate: true });
    this.channel.waitAtGate(gatesOpened);
    return Promise.resolve();
  }

  private send(note: JobNote): void {
    this.progress = null;
    this.channel.ring.write(encodeNote(note), () => this.tell());
    this.tell();
  }

  private tell(): void {
    if (this.channel.mustTell()) this.tellNotesWait();
  }
}
