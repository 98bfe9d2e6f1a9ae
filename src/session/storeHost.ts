// A running store behind its viewers, in the worker: owns the engine, listens to its events,
// answers requests, records.

import { LsmError } from '../base/errors.ts';
import type { Environment } from '../base/environment.ts';
import { Lsm } from '../engine/db.ts';
import { decodeFromViewer, encode } from '../protocol/codec.ts';
import type { FromViewer, SessionStatus } from '../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../protocol/messages.ts';
import type { TraceHeader } from '../protocol/traceFormat.ts';
import type { TreeState } from '../protocol/treeState.ts';
import { EventFeed } from './pacing/eventFeed.ts';
import { ViewerQueue } from './pacing/viewerQueue.ts';
import { FileRecording, MemoryRecording, Recorder } from './recorder.ts';
import { Activity } from './requests/activity.ts';
import { RequestRunner } from './requests/requestRunner.ts';
import { StoreRequests } from './requests/storeRequests.ts';
import type { SessionTarget, ViewerId } from './threadMessages.ts';
import type { HostLine, ViewerHost } from './viewerHost.ts';

type StoreTarget = Extract<SessionTarget, { readonly kind: 'store' }>;

/**
 * Opens the store and what belongs to it.
 * @throws LsmError as `Lsm.open` does, or when the file to record into cannot be made.
 */
export async function openStoreHost(
  target: StoreTarget,
  environment: Environment,
  line: HostLine,
): Promise<ViewerHost> {
  const feed = new EventFeed(environment.clock, environment.scheduler);
  const store = await Lsm.open(target.path, environment, { ...target.options, events: feed });
  feed.begin(() => store.gauges());
  const host = new StoreHost(store, environment, feed, line);
  try {
    if (target.recordInto !== undefined) host.recordInto(target.recordInto);
    return host;
  } catch (thrown) {
    await host.close();
    throw thrown;
  }
}

class StoreHost implements ViewerHost {
  private readonly store: Lsm;
  private readonly environment: Environment;
  private readonly feed: EventFeed;
  private readonly line: HostLine;
  private readonly requests: StoreRequests;
  private readonly runner: RequestRunner;
  private readonly activity: Activity;
  /** Everyone attached; those that only ask have no queue. */
  private readonly viewers = new Map<ViewerId, ViewerQueue | null>();
  private recorder: Recorder | null = null;
  private memory: MemoryRecording | null = null;

  constructor(store: Lsm, environment: Environment, feed: EventFeed, line: HostLine) {
    this.store = store;
    this.environment = environment;
    this.feed = feed;
    this.line = line;
    this.activity = new Activity(() => this.tellStatus());
    feed.onFault = () => this.tellStatus();
    this.requests = new StoreRequests(store, environment, this.activity, {
      setMode: (viewer, mode) => this.setMode(viewer, mode),
      setRecording: (on) => this.setRecording(on),
      recording: () => this.recording(),
      describe: () => this.describeAfterFrame(),
    });
    this.runner = new RequestRunner(
      (request, context) => this.requests.handle(request, context),
      line,
      environment.clock,
    );
  }

  get status(): SessionStatus {
    return {
      mode: this.feed.isLockstep ? 'lockstep' : 'live',
      recording: this.recorder !== null,
      running: this.activity.name,
      readOnlyBecause: this.readOnlyBecause(),
    };
  }

  attach(viewer: ViewerId, events: boolean): void {
    if (!events) {
      this.viewers.set(viewer, null);
      return;
    }
    const queue = this.feed.add(
      () =>
        new ViewerQueue(
          (bytes) => this.line.send(viewer, bytes),
          () => this.encodeHello(),
        ),
    );
    this.viewers.set(viewer, queue);
  }

  detach(viewer: ViewerId): void {
    const queue = this.viewers.get(viewer) ?? null;
    this.viewers.delete(viewer);
    this.runner.cancelAllOf(viewer);
    this.requests.drop(viewer);
    if (queue === null) return;
    this.feed.remove(queue);
    const wasLockstep = this.feed.isLockstep;
    this.feed.release(viewer);
    if (wasLockstep && !this.feed.isLockstep) this.tellStatus();
  }

  receive(viewer: ViewerId, bytes: Uint8Array): void {
    let message: FromViewer;
    try {
      message = decodeFromViewer(bytes);
    } catch (thrown) {
      this.runner.refuse(viewer, bytes, thrown);
      return;
    }
    if (message.kind === 'request') this.runner.start(viewer, message.id, message.request);
    else if (message.kind === 'cancel') this.runner.cancel(viewer, message.id);
    else this.acknowledge(viewer, message.batch, message.eventNumber);
  }

  async close(): Promise<void> {
    this.feed.releaseAll();
    this.activity.stop();
    await this.runner.close();
    this.requests.close();
    this.feed.beginClosing();
    try {
      await this.store.close();
    } finally {
      this.feed.close();
      this.recorder?.end();
    }
  }

  /**
   * Records into a new file from now on.
   * @throws LsmError `IO` when the file is there already or cannot be made.
   */
  recordInto(path: string): void {
    this.record(new FileRecording(path));
  }

  private acknowledge(viewer: ViewerId, batch: number, eventNumber: number): void {
    const queue = this.viewers.get(viewer);
    if (queue === undefined || queue === null) return;
    queue.acknowledge(batch, Math.min(eventNumber, this.feed.number));
    this.feed.shown(viewer, queue.shownNumber);
  }

  private setMode(viewer: ViewerId, mode: 'live' | 'lockstep'): void {
    const queue = this.viewers.get(viewer) ?? null;
    if (mode === 'live') this.feed.releaseAll();
    else if (queue === null) {
      throw new LsmError(
        'INVALID_ARGUMENT',
        'only a viewer that is shown the events can pace them',
      );
    } else {
      this.feed.endFrame();
      queue.catchUp();
      this.feed.hold(viewer, queue.shownNumber);
    }
    this.tellStatus();
  }

  private setRecording(on: boolean): void {
    if (on && this.recorder === null) {
      this.memory = new MemoryRecording();
      this.record(this.memory);
    } else if (!on) {
      this.feed.endFrame();
      this.endRecording();
    }
    this.tellStatus();
  }

  private record(place: MemoryRecording | FileRecording): void {
    const header: TraceHeader = {
      title: this.store.directory,
      source: `lsm-lens ${this.describe().store.engineVersion}`,
      createdMicros: this.environment.clock.wallMicros(),
    };
    this.recorder = this.feed.add(
      () => new Recorder(this.describe(), header, place, () => this.endRecording()),
    );
  }

  private endRecording(): void {
    if (this.recorder === null) return;
    this.feed.remove(this.recorder);
    this.recorder.end();
    this.recorder = null;
    this.tellStatus();
  }

  private recording(): Uint8Array<ArrayBuffer> {
    this.feed.endFrame();
    if (this.memory !== null) return this.memory.bytes();
    throw new LsmError('INVALID_ARGUMENT', 'nothing was recorded: start a recording first');
  }

  private encodeHello(): Uint8Array<ArrayBuffer> {
    const hello = {
      protocolVersion: PROTOCOL_VERSION,
      state: this.describe(),
      status: this.status,
      trace: null,
    };
    return encode({ kind: 'hello', hello });
  }

  private readOnlyBecause(): string {
    if (this.store.options.readOnly) return 'the store was opened read-only';
    const { failure } = this.store;
    return failure === undefined ? '' : `${failure.message}; close the store and open it again`;
  }

  /** The engine's own account, stamped with the last event that it includes. */
  private describe(): TreeState {
    const timeMicros = this.environment.clock.wallMicros();
    return { ...this.store.describe(), eventNumber: this.feed.number, timeMicros };
  }

  /** The state that a viewer's fold has reached once it has everything sent so far. */
  private describeAfterFrame(): TreeState {
    this.feed.endFrame();
    return this.describe();
  }

  private tellStatus(): void {
    const { status } = this;
    for (const [viewer, queue] of this.viewers) {
      if (queue !== null) this.line.send(viewer, encode({ kind: 'status', status }));
    }
    this.line.tellStatus(status);
  }
}
