// A real thread that runs only while this one waits for it.

import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import { RUNNING } from './coroutine.ts';
import type { FromThread, ToThread } from './coroutine.ts';

const PROGRAM = 'test/reliability/threads/jobProgram.ts';
/** A thread that runs longer without asking for anything hangs. */
const RUN_MILLIS_MAX = 60_000;

let program: string | undefined;
/** Threads that wait for their next store. */
const spare: CoroutineThread[] = [];

/** Bundled from the sources as they are now, once a process. */
function programText(): string {
  program ??= buildSync({
    entryPoints: [path.resolve(PROGRAM)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  }).outputFiles[0]!.text;
  return program;
}

/** One thread; made by `take`. */
export class CoroutineThread {
  private readonly worker: Worker;
  private readonly port: MessageChannel['port1'];
  private readonly word = new Int32Array(new SharedArrayBuffer(4));

  /** One that has nothing to do. */
  static take(): CoroutineThread {
    return spare.pop() ?? new CoroutineThread();
  }

  private constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const source = Buffer.from(programText()).toString('base64');
    this.worker = new Worker(new URL(`data:text/javascript;base64,${source}`), {
      workerData: { port: port2, word: this.word },
      transferList: [port2],
    });
    this.worker.unref();
  }

  /** Lets it run until it stops; answers with what it has said meanwhile. */
  run(message: ToThread): FromThread[] {
    const { port, word } = this;
    port.postMessage(message);
    Atomics.store(word, 0, RUNNING);
    Atomics.notify(word, 0);
    if (Atomics.wait(word, 0, RUNNING, RUN_MILLIS_MAX) === 'timed-out') {
      throw new Error(`a job thread has run for ${RUN_MILLIS_MAX} ms without a call`);
    }
    const said: FromThread[] = [];
    for (;;) {
      const next = receiveMessageOnPort(port);
      if (next === undefined) return said;
      said.push(next.message as FromThread);
    }
  }

  /** It has nothing to do, and may serve another store. */
  giveBack(): void {
    spare.push(this);
  }

  /** Ends it, wherever it is. */
  async kill(): Promise<void> {
    this.port.close();
    await this.worker.terminate();
  }
}
