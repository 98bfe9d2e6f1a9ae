// What viewers may ask of a running store, one function for each kind of request.

import { LsmError } from '../../base/errors.ts';
import type { Environment } from '../../base/environment.ts';
import type { Lsm } from '../../engine/db.ts';
import type { Snapshot } from '../../engine/snapshotList.ts';
import type { Reply, Request } from '../../protocol/messages.ts';
import type { TreeState } from '../../protocol/treeState.ts';
import { familyNamed } from '../columnFamilies.ts';
import { EngineTarget } from '../storeTarget.ts';
import type { ViewerId } from '../threadMessages.ts';
import { planWorkload } from '../workloads/planWorkload.ts';
import { runWorkload } from '../workloads/runWorkload.ts';
import type { Activity } from './activity.ts';
import type { RequestContext } from './requestRunner.ts';
import { scanReply } from './scanReply.ts';
import { Uploads } from './uploads.ts';
import { ViewerTransactions } from './viewerTransactions.ts';

/** What of the session a request may turn: its pacing and its recording. */
export interface SessionSwitches {
  setMode(viewer: ViewerId, mode: 'live' | 'lockstep'): void;
  setRecording(on: boolean): void;
  /** The state after every event that has been sent. */
  describe(): TreeState;
  /** @throws LsmError `INVALID_ARGUMENT` when nothing was recorded. */
  recording(): Uint8Array<ArrayBuffer>;
}

type RequestOf<Kind extends Request['kind']> = Extract<Request, { readonly kind: Kind }>;

const DONE: Reply = { kind: 'done' };

/** The requests of one store's viewers. */
export class StoreRequests {
  private readonly store: Lsm;
  private readonly environment: Environment;
  private readonly activity: Activity;
  private readonly switches: SessionSwitches;
  private readonly target: EngineTarget;
  private readonly uploads: Uploads;
  private readonly transactions: ViewerTransactions;
  private readonly snapshots: Snapshot[] = [];

  constructor(store: Lsm, environment: Environment, activity: Activity, switches: SessionSwitches) {
    this.store = store;
    this.environment = environment;
    this.activity = activity;
    this.switches = switches;
    this.target = new EngineTarget(store);
    this.transactions = new ViewerTransactions(store);
    this.uploads = new Uploads(this.target, environment.scheduler, activity);
  }

  /**
   * Carries out one request.
   * @throws LsmError as the engine does; `CANCELLED` when the viewer cancelled it.
   */
  async handle(request: Request, context: RequestContext): Promise<Reply> {
    switch (request.kind) {
      case 'put':
      case 'delete':
      case 'merge':
        await this.write(request);
        return DONE;
      case 'get': {
        const family = familyNamed(this.store, request.family);
        return { kind: 'value', value: (await this.store.get(request.key, { family })) ?? null };
      }
      case 'scan': {
        const family = familyNamed(this.store, request.family);
        return scanReply(request, (range) => this.store.entries({ ...range, family }));
      }
      case 'flush':
        await this.store.flush();
        return DONE;
      case 'compact':
        return this.compact(request, context);
      case 'snapshot':
        return this.takeSnapshot();
      case 'release-snapshot':
        return this.releaseSnapshot(request.sequence);
      case 'begin':
        return this.transactions.begin(request, context.viewer);
      case 'within':
        return this.transactions.step(request.transaction, request.step);
      case 'workload':
        return this.runWorkload(request, context);
      case 'import':
        return this.uploads.take(request, context);
      case 'copy':
      case 'open-copy':
        throw new LsmError(
          'NOT_SUPPORTED',
          'it is a store of LSM Lens already: make a checkpoint of it',
        );
      default:
        return this.handleControl(request, context);
    }
  }

  /** A viewer has gone: what it had not finished handing over is given up. */
  drop(viewer: ViewerId): void {
    this.uploads.drop(viewer);
    this.transactions.drop(viewer);
  }

  /** Lets go of everything held for viewers. */
  close(): void {
    for (const snapshot of this.snapshots.splice(0)) snapshot.release();
    this.uploads.close();
  }

  private write(request: RequestOf<'put' | 'delete' | 'merge'>): Promise<void> {
    const { store } = this;
    const { key, sync } = request;
    const options = { sync, family: familyNamed(store, request.family) };
    if (request.kind === 'put') return store.put(key, request.value, options);
    if (request.kind === 'merge') return store.merge(key, request.operand, options);
    return store.delete(key, options);
  }

  private handleControl(
    request: RequestOf<'stats' | 'state' | 'table' | 'set-mode' | 'stop' | 'record' | 'trace'>,
    { viewer }: RequestContext,
  ): Reply {
    switch (request.kind) {
      case 'stats':
        return { kind: 'stats', stats: this.store.stats() };
      case 'state':
        return { kind: 'state', state: this.switches.describe() };
      case 'table':
        return { kind: 'table', table: this.store.tableDetails(request.file) };
      case 'set-mode':
        this.switches.setMode(viewer, request.mode);
        return DONE;
      case 'stop':
        this.activity.stop();
        return DONE;
      case 'record':
        this.switches.setRecording(request.on);
        return DONE;
      case 'trace':
        return { kind: 'trace', bytes: this.switches.recording() };
    }
  }

  private async compact(
    { from, to }: RequestOf<'compact'>,
    { signal, progress }: RequestContext,
  ): Promise<Reply> {
    const range = { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
    for (const family of this.store.families) {
      await this.store.compactRange({ ...range, family }, { onProgress: progress, signal });
    }
    return DONE;
  }

  private takeSnapshot(): Reply {
    const snapshot = this.store.snapshot();
    this.snapshots.push(snapshot);
    return { kind: 'snapshot', sequence: snapshot.sequence };
  }

  private releaseSnapshot(sequence: number): Reply {
    const index = this.snapshots.findIndex((snapshot) => snapshot.sequence === sequence);
    if (index === -1) {
      throw new LsmError('INVALID_ARGUMENT', `there is no snapshot at sequence ${sequence}`);
    }
    this.snapshots.splice(index, 1)[0]!.release();
    return DONE;
  }

  private async runWorkload(
    { workload }: RequestOf<'workload'>,
    { signal, progress }: RequestContext,
  ): Promise<Reply> {
    const stopped = this.activity.begin(`workload ${workload.name}`);
    try {
      const plan = planWorkload(workload, this.environment.clock.wallMicros());
      const { operations, durationMicros } = await runWorkload(
        plan,
        this.target,
        this.environment,
        {
          operationsPerSecond: workload.operationsPerSecond,
          signal: AbortSignal.any([signal, stopped]),
          onProgress: progress,
        },
      );
      return { kind: 'workload', operations, durationMicros };
    } finally {
      this.activity.end();
    }
  }
}
