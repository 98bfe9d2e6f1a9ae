// The program of a job thread on the simulated disk: the engine's own (serveJobs.ts), as dist's job
// worker runs it, but that every call of the disk is made by the thread that started it.

import { setImmediate } from 'node:timers/promises';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { LsmError } from '../../../src/base/errors.ts';
import type { Scheduler } from '../../../src/base/scheduler.ts';
import type { Vfs, VfsFile } from '../../../src/base/vfs.ts';
import { serveJobs } from '../../../src/engine/jobs/threads/serveJobs.ts';
import { nodeCodecs } from '../../../src/node/nodeCodecs.ts';
import { TwoHandClock } from '../../engine/simulatedWorld.ts';
import { STOPPED } from './coroutine.ts';
import type { CallAnswer, FromThread, ToThread } from './coroutine.ts';

const { port, word } = workerData as { port: MessagePort; word: Int32Array };

interface PendingSync {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

const syncs = new Map<number, PendingSync>();
let listener: (message: unknown) => void = () => undefined;

function send(message: FromThread): void {
  port.postMessage(message);
}

/** Lets the other thread go on; answers with what it says when it lets this one. */
function stop(): ToThread {
  Atomics.store(word, 0, STOPPED);
  Atomics.notify(word, 0);
  Atomics.wait(word, 0, STOPPED);
  return receiveMessageOnPort(port)!.message as ToThread;
}

function valueOf({ value, fault }: CallAnswer): unknown {
  if (fault === undefined) return value;
  const { message, path, systemCode } = fault;
  throw new LsmError('IO', message, {
    ...(path === undefined ? {} : { file: path }),
    ...(systemCode === undefined ? {} : { systemCode }),
  });
}

function call(file: number | undefined, method: string, ...parameters: unknown[]): unknown {
  send({ kind: 'call', call: { file, method, parameters } });
  const reply = stop();
  if (reply.kind !== 'answer') throw new Error(`${method} was answered by ${reply.kind}`);
  return valueOf(reply.answer);
}

function sync(file: number | undefined, method: string, ...parameters: unknown[]): Promise<void> {
  const number = call(file, method, ...parameters) as number;
  return new Promise((resolve, reject) => syncs.set(number, { resolve, reject }));
}

function openFile(path: string, mode: string): VfsFile {
  const file = call(undefined, 'open', path, mode) as number;
  return {
    path,
    sizeBytes: () => call(file, 'sizeBytes') as number,
    read: (target, offset, length, position) => {
      const bytes = call(file, 'read', length, position) as Uint8Array;
      target.set(bytes, offset);
      return bytes.length;
    },
    write: (source, offset, length, position) => {
      call(file, 'write', source.slice(offset, offset + length), position);
    },
    truncate: (sizeBytes) => void call(file, 'truncate', sizeBytes),
    sync: () => sync(file, 'sync'),
    close: () => void call(file, 'close'),
  };
}

const disk: Vfs = {
  join: (directory, name) => `${directory}/${name}`,
  open: openFile,
  stat: (path) => call(undefined, 'stat', path) as ReturnType<Vfs['stat']>,
  list: (directory) => call(undefined, 'list', directory) as string[],
  makeDirectory: (path) => void call(undefined, 'makeDirectory', path),
  rename: (from, to) => void call(undefined, 'rename', from, to),
  link: (from, to) => void call(undefined, 'link', from, to),
  remove: (path) => void call(undefined, 'remove', path),
  syncDirectory: (directory) => sync(undefined, 'syncDirectory', directory),
  lock: () => {
    throw new Error('a job takes no lock');
  },
};

/** Of a thread in which nobody else waits for a turn. */
const scheduler: Scheduler = {
  turn: () => Promise.resolve(),
  sleep: () => Promise.resolve(),
  after: () => {
    throw new Error('a job sets no timer');
  },
};

function take(message: ToThread): void {
  if (message.kind === 'message') {
    listener(message.message);
    return;
  }
  if (message.kind === 'answer') throw new Error('nothing was asked');
  const pending = syncs.get(message.sync)!;
  syncs.delete(message.sync);
  try {
    valueOf(message.answer);
    pending.resolve();
  } catch (thrown) {
    pending.reject(thrown);
  }
}

serveJobs(
  {
    post: (message) => send({ kind: 'message', message }),
    onMessage: (given) => (listener = given),
  },
  { vfs: disk, clock: new TwoHandClock(), scheduler, codecs: nodeCodecs(), seed: 0 },
);

// The first message lies in the port already when the word says so.
Atomics.wait(word, 0, STOPPED);
let next = receiveMessageOnPort(port)!.message as ToThread;
for (;;) {
  take(next);
  // All that could go on has done so.
  await setImmediate();
  next = stop();
}
