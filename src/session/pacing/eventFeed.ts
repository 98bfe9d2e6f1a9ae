// The engine's listener: numbers and stamps its events and hands them out frame by frame.
//
// Live: about every 16 ms one frame. What changes the tree's shape is always in it; of the rest as
// much as the frame's budget holds. Once that is spent the flags go down and the engine pays one
// branch for each event that it no longer builds. A `summary` with the engine's own figures ends a
// frame in which any figure moved, so that every number stays exact whatever was left out.
//
// Lockstep: everything is sent, and the engine waits at the gate after each step.

import type { Clock } from '../../base/clock.ts';
import type { Scheduler, Timer } from '../../base/scheduler.ts';
import { isSampled } from '../../protocol/eventClass.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import type {
  EventNumber,
  Gauges,
  LsmEvent,
  LsmEventBody,
  LsmEventKind,
} from '../../protocol/events.ts';
import type { ViewerId } from '../threadMessages.ts';
import { estimateSizeBytes } from './eventSize.ts';
import type { EventTaker } from './eventTaker.ts';
import { equalGauges } from './equalGauges.ts';
import { LockstepGate } from './lockstepGate.ts';
import { marksOperation, operationsSoFar } from './operationCount.ts';

/** A frame at 60 a second. */
const FRAME_MILLIS = 16;
/** Bytes of sampled events in a live frame; reached, it ends with the operation it is in. */
const FRAME_BUDGET_BYTES = 64 * 1024;
/** Bytes at which a frame ends in the middle of an operation. */
const FRAME_BYTES_MAX: number = 4 * FRAME_BUDGET_BYTES;

/** Events after which a sample may end, so that operations are seen whole. */
const SAMPLE_ENDS: ReadonlySet<LsmEventKind> = new Set<LsmEventKind>([
  'write.end',
  'get.end',
  'scan.end',
  'table.entry',
  'table.block',
  'compaction.entry',
]);

/** In lockstep a summary follows these, not every step. */
const SUMMARY_FOLLOWS: ReadonlySet<LsmEventKind> = new Set<LsmEventKind>([
  'write.end',
  'get.end',
  'scan.end',
  'wal.rotate',
  'memtable.seal',
  'manifest.edit',
  'flush.end',
  'compaction.end',
  'stall.end',
]);

/** The sink of one open store. */
export class EventFeed implements EventSink {
  structural = false;
  write = false;
  read = false;
  entry = false;
  gate: (() => Promise<void>) | null = null;
  onChange: (() => void) | undefined;
  /** Called after a frame that tells of a fault: the store may take no more writes. */
  onFault: () => void = () => undefined;

  private readonly clock: Clock;
  private readonly scheduler: Scheduler;
  private readonly lockstep = new LockstepGate();
  private readonly takers = new Set<EventTaker>();
  private gauges: (() => Gauges) | null = null;
  private lastGauges: Gauges | null = null;
  private pending: LsmEvent[] = [];
  private pendingSampledBytes = 0;
  private isBudgetSpent = false;
  private lastNumber: EventNumber = 0;
  private operationsSeen = 0;
  private operationsLeftOut = 0;
  private nextFrame: Timer | null = null;

  constructor(clock: Clock, scheduler: Scheduler) {
    this.clock = clock;
    this.scheduler = scheduler;
  }

  /** Number of the last event; a state described now has it folded in. */
  get number(): EventNumber {
    return this.lastNumber;
  }

  get isLockstep(): boolean {
    return this.lockstep.isHeld;
  }

  /** Events up to this number have been handed out already. */
  goOnFrom(number: EventNumber): void {
    this.lastNumber = number;
  }

  /** The store is open: from now on its figures can be asked for. */
  begin(gauges: () => Gauges): void {
    this.gauges = gauges;
  }

  /** @param timeMicros when it happened, wall clock; left out: now. */
  emit(body: LsmEventBody, timeMicros?: number): EventNumber {
    const number = ++this.lastNumber;
    this.nextFrame ??= this.scheduler.after(FRAME_MILLIS, () => this.endFrame());
    const mayBeLeftOut = !this.isLockstep && isSampled(body.kind);
    if (mayBeLeftOut && this.isBudgetSpent) return number;
    const event: LsmEvent = { ...body, number, timeMicros: timeMicros ?? this.clock.wallMicros() };
    this.pending.push(event);
    if (marksOperation(event.kind)) this.operationsSeen++;
    if (mayBeLeftOut) this.spendBudget(event);
    return number;
  }

  /**
   * Adds whoever gets the events from now on. `join` is called between two frames: everything
   * before has been handed out, nothing after has happened.
   */
  add<Taker extends EventTaker>(join: () => Taker): Taker {
    this.endFrame();
    if (this.takers.size === 0) this.forgetWhatWasUnseen();
    const taker = join();
    this.takers.add(taker);
    this.setFlags();
    return taker;
  }

  remove(taker: EventTaker): void {
    this.takers.delete(taker);
    this.setFlags();
  }

  /** `viewer` wants to see each step before the next is taken. */
  hold(viewer: ViewerId, shownNumber: EventNumber): void {
    this.lockstep.hold(viewer, shownNumber);
    this.setMode();
  }

  /** `viewer` has gone. */
  release(viewer: ViewerId): void {
    this.lockstep.release(viewer);
    this.setMode();
  }

  /** Back to live, whoever held the engine. */
  releaseAll(): void {
    this.lockstep.releaseAll();
    this.setMode();
  }

  /** `viewer` has shown everything up to an event, and may have room for the next frame. */
  shown(viewer: ViewerId, number: EventNumber): void {
    this.lockstep.ack(viewer, number);
    this.nextFrame ??= this.scheduler.after(FRAME_MILLIS, () => this.endFrame());
  }

  /** Hands out what has gathered. */
  endFrame(): void {
    this.nextFrame?.cancel();
    this.nextFrame = null;
    const leftOut = this.isLockstep ? this.summarizeStep() : this.summarize();
    const events = this.pending;
    this.pending = [];
    this.pendingSampledBytes = 0;
    this.isBudgetSpent = false;
    for (const taker of this.takers) taker.take(events, leftOut, this.isLockstep);
    this.setFlags();
    if (events.some((event) => event.kind === 'error')) this.onFault();
  }

  /** The store is about to close: its figures cannot be asked for any more; events still come. */
  beginClosing(): void {
    this.endFrame();
    this.gauges = null;
  }

  /** Hands out the last events; afterwards nobody listens and nobody waits. */
  close(): void {
    this.endFrame();
    this.takers.clear();
    this.releaseAll();
    this.nextFrame?.cancel();
    this.nextFrame = null;
  }

  private spendBudget(event: LsmEvent): void {
    this.pendingSampledBytes += estimateSizeBytes(event);
    this.isBudgetSpent =
      this.pendingSampledBytes >= FRAME_BYTES_MAX ||
      (this.pendingSampledBytes >= FRAME_BUDGET_BYTES && SAMPLE_ENDS.has(event.kind));
    if (this.isBudgetSpent) this.setSampledFlags(false);
  }

  /** The gate: sends the step just taken and waits until it has been shown. */
  private async waitUntilShown(): Promise<void> {
    const number = this.lastNumber;
    if (this.pending.length > 0) this.endFrame();
    await this.lockstep.waitFor(number);
  }

  private summarizeStep(): number {
    const ends = this.pending.some((event) => SUMMARY_FOLLOWS.has(event.kind));
    return ends ? this.summarize() : 0;
  }

  /** Adds a summary when any figure moved; answers how many operations were left out. */
  private summarize(): number {
    if (this.gauges === null || this.takers.size === 0) return 0;
    const gauges = this.gauges();
    if (this.lastGauges !== null && equalGauges(gauges, this.lastGauges)) return 0;
    this.lastGauges = gauges;
    const unseen = operationsSoFar(gauges.counters) - this.operationsSeen;
    const leftOut = Math.max(0, unseen - this.operationsLeftOut);
    this.operationsLeftOut += leftOut;
    const number = ++this.lastNumber;
    const timeMicros = this.clock.wallMicros();
    this.pending.push({ kind: 'summary', gauges, leftOut, number, timeMicros });
    return leftOut;
  }

  /** What happened while nobody looked was not left out of anything. */
  private forgetWhatWasUnseen(): void {
    if (this.gauges === null) return;
    this.lastGauges = this.gauges();
    const unseen = operationsSoFar(this.lastGauges.counters) - this.operationsSeen;
    this.operationsLeftOut = Math.max(this.operationsLeftOut, unseen);
  }

  private setMode(): void {
    this.gate = this.isLockstep ? () => this.waitUntilShown() : null;
    this.setFlags();
  }

  private setFlags(): void {
    this.structural = this.takers.size > 0;
    const anyReady = [...this.takers].some((taker) => taker.isReady);
    this.setSampledFlags(anyReady || (this.isLockstep && this.structural));
  }

  private setSampledFlags(on: boolean): void {
    this.write = on;
    this.read = on;
    this.entry = on;
    this.onChange?.();
  }
}
