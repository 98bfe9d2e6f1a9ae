// Job threads of a store on the simulated disk: real threads with the engine's own program, whose
// calls of the disk are made here, one in each turn of the simulated event loop. The store goes on
// between any two of them.

import { LsmError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import type { Thread, ThreadListener, Threads } from '../../../src/base/threads.ts';
import type { OpenMode, Vfs, VfsFile } from '../../../src/base/vfs.ts';
import { SimulatedScheduler } from '../../engine/simulatedWorld.ts';
import type { CallAnswer, ThreadCall, ToThread } from './coroutine.ts';
import { CoroutineThread } from './coroutineThread.ts';

/** Starts job threads that repeat for their seed. */
export class SimulatedThreads implements Threads {
  /** Times so far that a thread was about to go on. */
  steps = 0;
  /** Asked each time; with `true` the thread dies instead. */
  shouldDie: (step: number) => boolean = () => false;
  private readonly disk: Vfs;
  private readonly scheduler: SimulatedScheduler;

  constructor(seed: number, disk: Vfs) {
    this.disk = disk;
    this.scheduler = new SimulatedScheduler(new Random(seed));
  }

  start(listener: ThreadListener): Thread {
    const mayGoOn = async (): Promise<boolean> => {
      await this.scheduler.turn();
      return !this.shouldDie(++this.steps);
    };
    return new SimulatedThread(new ThreadDisk(this.disk), listener, mayGoOn);
  }
}

class SimulatedThread implements Thread {
  private readonly thread = CoroutineThread.take();
  private readonly disk: ThreadDisk;
  private readonly listener: ThreadListener;
  private readonly mayGoOn: () => Promise<boolean>;
  /** In which order it hears of them. */
  private readonly queue: ToThread[] = [];
  /** It waits for the answer. */
  private asked: ThreadCall | undefined;
  private isPumping = false;
  private hasEnded = false;

  constructor(disk: ThreadDisk, listener: ThreadListener, mayGoOn: () => Promise<boolean>) {
    this.disk = disk;
    this.listener = listener;
    this.mayGoOn = mayGoOn;
    disk.onSynced = (sync, answer) => this.hand({ kind: 'synced', sync, answer });
  }

  post(message: unknown): void {
    this.hand({ kind: 'message', message });
  }

  keepAlive(): void {
    // The simulated event loop ends with the test.
  }

  async end(): Promise<void> {
    if (this.hasEnded) return;
    this.hasEnded = true;
    const isIdle = this.asked === undefined && this.queue.length === 0 && !this.disk.isSyncing;
    if (isIdle) this.thread.giveBack();
    else await this.thread.kill();
  }

  private hand(message: ToThread): void {
    this.queue.push(message);
    if (!this.isPumping) void this.pump();
  }

  private async pump(): Promise<void> {
    this.isPumping = true;
    while (!this.hasEnded && (this.asked !== undefined || this.queue.length > 0)) {
      const goesOn = await this.mayGoOn();
      if (this.hasEnded) break;
      if (goesOn) this.step();
      else await this.die();
    }
    this.isPumping = false;
  }

  private step(): void {
    const { asked } = this;
    this.asked = undefined;
    const message: ToThread =
      asked === undefined
        ? this.queue.shift()!
        : { kind: 'answer', answer: this.disk.answer(asked) };
    for (const said of this.thread.run(message)) {
      if (said.kind === 'call') this.asked = said.call;
      else this.listener.onMessage(said.message);
    }
  }

  private async die(): Promise<void> {
    this.hasEnded = true;
    await this.thread.kill();
    this.listener.onDeath(new Error('killed by the test'));
  }
}

/** The disk, for one thread: its files by numbers. */
class ThreadDisk {
  /** Told when a sync that was begun has ended. */
  onSynced: (sync: number, answer: CallAnswer) => void = () => undefined;
  private readonly disk: Vfs;
  private readonly files = new Map<number, VfsFile>();
  private readonly syncing = new Set<number>();
  private lastFile = 0;
  private lastSync = 0;

  constructor(disk: Vfs) {
    this.disk = disk;
  }

  get isSyncing(): boolean {
    return this.syncing.size > 0;
  }

  answer({ file, method, parameters }: ThreadCall): CallAnswer {
    return outcomeOf(() =>
      file === undefined
        ? this.ofDisk(method, parameters as readonly string[])
        : this.ofFile(this.files.get(file)!, method, parameters),
    );
  }

  private ofDisk(method: string, parameters: readonly string[]): unknown {
    const [first, second] = parameters as [string, string];
    const { disk } = this;
    switch (method) {
      case 'open':
        this.files.set(++this.lastFile, disk.open(first, second as OpenMode));
        return this.lastFile;
      case 'syncDirectory':
        return this.sync(() => disk.syncDirectory(first));
      case 'stat':
        return disk.stat(first);
      case 'list':
        return disk.list(first);
      case 'makeDirectory':
        return disk.makeDirectory(first);
      case 'remove':
        return disk.remove(first);
      case 'rename':
        return disk.rename(first, second);
      case 'link':
        return disk.link(first, second);
      default:
        throw new Error(`no disk has ${method}`);
    }
  }

  private ofFile(file: VfsFile, method: string, [first, second]: readonly unknown[]): unknown {
    switch (method) {
      case 'read': {
        const bytes = new Uint8Array(first as number);
        return bytes.subarray(0, file.read(bytes, 0, bytes.length, second as number));
      }
      case 'write': {
        const bytes = first as Uint8Array;
        return file.write(bytes, 0, bytes.length, second as number);
      }
      case 'sizeBytes':
        return file.sizeBytes();
      case 'truncate':
        return file.truncate(first as number);
      case 'sync':
        return this.sync(() => file.sync());
      case 'close':
        return file.close();
      default:
        throw new Error(`no file has ${method}`);
    }
  }

  /** Begins a sync; answers its number. */
  private sync(work: () => Promise<void>): number {
    const number = ++this.lastSync;
    const ended = (answer: CallAnswer): void => {
      this.syncing.delete(number);
      this.onSynced(number, answer);
    };
    this.syncing.add(number);
    void work().then(
      () => ended({ value: undefined, fault: undefined }),
      (thrown: unknown) => ended(faultOf(thrown)),
    );
    return number;
  }
}

function outcomeOf(work: () => unknown): CallAnswer {
  try {
    return { value: work(), fault: undefined };
  } catch (thrown) {
    return faultOf(thrown);
  }
}

function faultOf(thrown: unknown): CallAnswer {
  if (!(thrown instanceof LsmError)) throw thrown;
  const { message, file: path, systemCode } = thrown;
  return { value: undefined, fault: { message, path, systemCode } };
}
