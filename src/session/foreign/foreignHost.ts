// Another engine's directory behind its viewers: the same messages as from a store that runs, so
// that the page needs nothing of its own for it. A viewer's fold begins with an empty tree, is told
// how it grew, and then follows what another process does to the directory.
//
// Nothing in the directory is written, locked or touched.

import type { Environment } from '../../base/environment.ts';
import type { Timer } from '../../base/scheduler.ts';
import { LsmError } from '../../base/errors.ts';
import { decodeFromViewer, encode } from '../../protocol/codec.ts';
import { emptyState } from '../../protocol/emptyState.ts';
import type { Gauges, LsmEvent, LsmEventBody } from '../../protocol/events.ts';
import type { FromViewer, Reply, Request, SessionStatus } from '../../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../protocol/messages.ts';
import { RANGE_KEYS_MAX } from '../../protocol/replySchema.ts';
import type { StoreStats } from '../../protocol/storeStats.ts';
import type { TreeState } from '../../protocol/treeState.ts';
import type { FamilyReader, StoreReader } from '../../readers/storeReader.ts';
import type { ViewRange } from '../../readers/viewRange.ts';
import { noColumnFamily } from '../columnFamilies.ts';
import { EventFeed } from '../pacing/eventFeed.ts';
import { ViewerQueue } from '../pacing/viewerQueue.ts';
import { Activity } from '../requests/activity.ts';
import { RequestRunner } from '../requests/requestRunner.ts';
import type { RequestContext } from '../requests/requestRunner.ts';
import { scanReply } from '../requests/scanReply.ts';
import type { ViewerId } from '../threadMessages.ts';
import type { HostLine, ViewerHost } from '../viewerHost.ts';
import { AwaitedTails } from './awaitedTails.ts';
import { copyInto } from './copyInto.ts';
import { countTables } from './countTables.ts';
import { foreignStats } from './foreignStats.ts';
import { lookTimes } from './lookTimes.ts';
import { prepareForeign } from './openReader.ts';

/** Edits of the past that a viewer is told one by one; what came before is told as one. */
const EDITS_MAX = 1000;
/** How often the directory is looked at for what another process has changed. */
const FOLLOW_MILLIS = 500;

/** Requests for which tables are opened. */
const READS_TABLES: ReadonlySet<Request['kind']> = new Set([
  'get',
  'scan',
  'stats',
  'table',
  'copy',
]);

/** One foreign directory being shown. */
export class ForeignHost implements ViewerHost {
  private readonly reader: StoreReader;
  private readonly environment: Environment;
  private readonly line: HostLine;
  private readonly feed: EventFeed;
  private readonly runner: RequestRunner;
  private readonly viewers = new Map<ViewerId, ViewerQueue | null>();
  /** Before the first event of the past. */
  private readonly beginning: TreeState;
  private readonly past: readonly LsmEvent[];
  private timer: Timer | undefined;
  private readonly activity: Activity;
  private lastOperation = 0;
  /** Directories of the copies that were made; a copy's number is its place here, from 1 on. */
  private readonly copies: string[] = [];
  private readonly tails: AwaitedTails;

  constructor(reader: StoreReader, environment: Environment, line: HostLine) {
    this.reader = reader;
    this.environment = environment;
    this.line = line;
    const { clock, scheduler } = environment;
    this.tails = new AwaitedTails(reader.describe());
    this.feed = new EventFeed(clock, scheduler);
    this.past = [...reader.history(EDITS_MAX)].map(({ body, timeMicros }, index) => ({
      ...body,
      number: index + 1,
      timeMicros,
    }));
    this.feed.goOnFrom(this.past.length);
    this.feed.begin(() => gaugesOf(this.describe()));
    const editsTold = this.past.filter(({ kind }) => kind === 'manifest.edit').length;
    this.beginning = beginningOf(this.describe(), editsTold);
    this.activity = new Activity(() => this.tellStatus());
    this.runner = new RequestRunner(
      (request, context) => this.handle(request, context),
      line,
      clock,
    );
    this.watch();
  }

  get status(): SessionStatus {
    const { engine } = this.beginning.store;
    return {
      mode: 'live',
      recording: false,
      running: this.activity.name,
      readOnlyBecause: `it is a directory of ${engine}, which is only read: 0 bytes written`,
    };
  }

  attach(viewer: ViewerId, events: boolean): void {
    if (!events) {
      this.viewers.set(viewer, null);
      return;
    }
    const queue = this.feed.add(() => {
      let isFirst = true;
      const added = new ViewerQueue(
        (bytes) => this.line.send(viewer, bytes),
        () => {
          const hello = isFirst
            ? this.encodeHello(this.beginning, this.past.length)
            : this.encodeHello(this.describe());
          isFirst = false;
          return hello;
        },
      );
      added.take(this.past, 0, true);
      return added;
    });
    this.viewers.set(viewer, queue);
  }

  detach(viewer: ViewerId): void {
    const queue = this.viewers.get(viewer) ?? null;
    this.viewers.delete(viewer);
    this.runner.cancelAllOf(viewer);
    if (queue !== null) this.feed.remove(queue);
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
    else this.viewers.get(viewer)?.acknowledge(message.batch, message.eventNumber);
  }

  async close(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    this.activity.stop();
    await this.runner.close();
    this.feed.close();
    this.reader.close();
  }

  private async handle(request: Request, context: RequestContext): Promise<Reply> {
    const { reader } = this;
    if (READS_TABLES.has(request.kind)) await prepareForeign(this.environment);
    switch (request.kind) {
      case 'get':
        return { kind: 'value', value: this.get(request.key, request.family) };
      case 'scan':
        return this.scan(request);
      case 'stats':
        return { kind: 'stats', stats: await this.stats(context) };
      case 'state':
        // A read may have seen more than was told.
        for (const body of this.look()) this.feed.emit(body);
        this.feed.endFrame();
        return { kind: 'state', state: this.describe() };
      case 'table':
        return { kind: 'table', table: reader.tableDetails(request.file) };
      case 'copy':
        return this.copy(request.into, context);
      case 'open-copy':
        return this.openCopy(request.copy);
      case 'stop':
        this.activity.stop();
        return { kind: 'done' };
      case 'set-mode':
        if (request.mode === 'live') return { kind: 'done' };
        throw refusal('there is no engine that could wait: it runs elsewhere, if at all');
      default:
        throw refusal('it belongs to another engine and is only read; import a copy to change it');
    }
  }

  /** What range keys hide is not left out: that is asked for on the command line. */
  private scan(request: Extract<Request, { readonly kind: 'scan' }>): Reply {
    const { reader } = this;
    let scanned: ViewRange = {};
    const family = this.familyNamed(request.family);
    const reply = scanReply(request, (range) => family.entries((scanned = range)));
    const reaching = reader.rangeKeys(scanned).slice(0, RANGE_KEYS_MAX);
    const rangeKeys = reaching.map(({ sequence: _sequence, ...shown }) => shown);
    return rangeKeys.length === 0 ? reply : { ...reply, rangeKeys };
  }

  private async stats({ signal, progress }: RequestContext): Promise<StoreStats> {
    const { reader, environment } = this;
    const watch = { signal, onProgress: progress };
    const tables = await countTables(reader, environment.scheduler, watch);
    return foreignStats(reader.describe(), tables);
  }

  private async copy(into: string, { signal, progress }: RequestContext): Promise<Reply> {
    const stopped = this.activity.begin(`copy into ${into}`);
    try {
      const copied = await copyInto(this.reader, into, this.environment, {
        signal: AbortSignal.any([signal, stopped]),
        onProgress: progress,
      });
      return { kind: 'copied', copy: this.copies.push(copied.into), ...copied };
    } finally {
      this.activity.end();
    }
  }

  private async openCopy(copy: number): Promise<Reply> {
    const directory = this.copies[copy - 1];
    if (directory === undefined) {
      throw new LsmError('INVALID_ARGUMENT', `no copy ${copy} was made here`);
    }
    return { kind: 'opened', address: await this.line.openCopy(directory) };
  }

  private tellStatus(): void {
    const { status } = this;
    for (const [viewer, queue] of this.viewers) {
      if (queue !== null) this.line.send(viewer, encode({ kind: 'status', status }));
    }
    this.line.tellStatus(status);
  }

  private get(key: Uint8Array, family: string | undefined): Uint8Array | null {
    const telling = { sink: this.feed, operation: ++this.lastOperation };
    const reader = this.familyNamed(family);
    return reader.get(key, this.feed.read ? telling : undefined) ?? null;
  }

  private familyNamed(name: string | undefined): FamilyReader {
    const { reader } = this;
    const family = name === undefined ? reader : reader.family(name);
    if (family === undefined) throw noColumnFamily(name ?? '', reader.describe().families);
    return family;
  }

  /** Looks at the directory now and then. */
  private watch(): void {
    const { clock, scheduler } = this.environment;
    const since = clock.wallMicros();
    this.timer = scheduler.after(FOLLOW_MILLIS, () => {
      const found = this.look();
      const times = lookTimes(since, clock.wallMicros(), found.length);
      for (const [index, body] of found.entries()) this.feed.emit(body, times[index]);
      // What sums them up is of the same moment: what the next look finds is later than that.
      if (found.length > 0) this.feed.endFrame();
      this.watch();
    });
  }

  /** What has come since the last look. A fault is told behind it, and looked at again. */
  private look(): readonly LsmEventBody[] {
    const found: LsmEventBody[] = [];
    try {
      for (const { body } of this.reader.follow()) found.push(body);
    } catch (thrown) {
      if (!(thrown instanceof LsmError)) throw thrown;
      const { code, message, file = '', offset = -1 } = thrown;
      found.push({ kind: 'error', code, message, file, offset });
    }
    for (const { code, message, file, offset } of this.tails.afterLook(
      this.reader.describe().wal,
    )) {
      found.push({ kind: 'error', code, message, file, offset });
    }
    return found;
  }

  private describe(): TreeState {
    const stored = this.reader.describe();
    return {
      ...emptyState(),
      ...stored,
      problems: this.tails.told(stored.problems),
      eventNumber: this.feed.number,
      timeMicros: this.environment.clock.wallMicros(),
    };
  }

  private encodeHello(state: TreeState, pastUpTo?: number): Uint8Array<ArrayBuffer> {
    const { status } = this;
    const hello = { protocolVersion: PROTOCOL_VERSION, state, status, trace: null };
    return encode({
      kind: 'hello',
      hello: pastUpTo === undefined ? hello : { ...hello, pastUpTo },
    });
  }
}

/** The figures that single events do not carry. */
function gaugesOf({ lastSequence, wal, families, cache, counters }: TreeState): Gauges {
  return {
    lastSequence,
    wal,
    memtables: families.map(({ family, memtable: shown }) => {
      const { memtable, entries, tombstones, rangeDeletes, sizeBytes } = shown;
      return { family, memtable, entries, tombstones, rangeDeletes, sizeBytes };
    }),
    cache: { sizeBytes: cache.sizeBytes, blocks: cache.blocks },
    transactions: [],
    counters,
  };
}

function refusal(why: string): LsmError {
  return new LsmError('NOT_SUPPORTED', why);
}

/** The tree before its past: what only the logs hold is there from the beginning. */
function beginningOf(state: TreeState, editsTold: number): TreeState {
  const families = state.families.map((family) => ({
    ...family,
    levels: family.levels.map(({ level, target }) => ({
      level,
      tables: [],
      sizeBytes: 0,
      target: { ...target, score: 0 },
    })),
    ghosts: [],
    stall: null,
  }));
  const edits = state.manifest.edits - editsTold;
  const manifest = { ...state.manifest, sizeBytes: 0, edits };
  return { ...state, families, manifest, eventNumber: 0, timeMicros: 0 };
}
