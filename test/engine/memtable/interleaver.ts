// Runs functions as if each were a thread, in every order of their atomic steps.
//
// The code under test runs unchanged: it calls `Atomics`, and for the time of a run another object
// stands under that name. A step of a thread is taken by running its function from the start: the
// atomic operations it did before are answered from its record, the next one is done, and the one
// after it breaks the run off. Plain accesses between two atomic operations happen with the first
// of them, as they may where only published memory is shared.
//
// States that were seen before (memory and records alike) are not gone into again. Where all orders
// are too many, those with few preemptions (a thread is stopped although it could go on) are gone
// through: most faults need no more than two (Musuvathi and Qadeer, 2007).

import { assert } from '../../../src/base/assert.ts';

type Operation = 'load' | 'store' | 'add' | 'compareExchange';

/** An atomic operation that a thread did. */
interface Step {
  readonly operation: Operation;
  readonly word: number;
  readonly result: number;
  /** A compare-and-swap that found something else. */
  readonly isLost: boolean;
}

/** What a thread has done so far. */
interface Thread {
  readonly steps: readonly Step[];
  readonly isDone: boolean;
  readonly result: unknown;
}

interface World {
  readonly memory: Uint32Array;
  readonly threads: readonly Thread[];
  /** The thread that took the last step, -1 at the beginning. */
  readonly running: number;
  readonly preemptionsLeft: number;
}

/** What was gone through. */
export interface Exploration {
  /** Different states, the first and the last ones included. */
  readonly states: number;
  /** Compare-and-swaps that found what another thread had written. */
  readonly swapsLost: number;
}

/** Called in every state: throws when something does not hold there. */
export type StateCheck = () => void;
/** Called when all threads are done, with what their functions returned. */
export type EndCheck = (results: readonly unknown[]) => void;

const BREAK = new Error('the step is taken');

/** Goes through the orders. The functions may share nothing but `memory`. */
export function exploreOrders(
  memory: Uint32Array,
  functions: readonly (() => unknown)[],
  checkState: StateCheck,
  checkEnd: EndCheck,
  preemptionsMax = Infinity,
): Exploration {
  const seen = new Set<string>();
  const begin: Thread = { steps: [], isDone: false, result: undefined };
  const start = { running: -1, preemptionsLeft: preemptionsMax };
  const waiting: World[] = [
    { ...start, memory: memory.slice(), threads: functions.map(() => begin) },
  ];
  let swapsLost = 0;
  for (let world = waiting.pop(); world !== undefined; world = waiting.pop()) {
    const name = nameOf(world);
    if (seen.has(name)) continue;
    seen.add(name);
    memory.set(world.memory);
    checkState();
    if (world.threads.every(({ isDone }) => isDone)) {
      checkEnd(world.threads.map(({ result }) => result));
    }
    for (const [index, thread] of world.threads.entries()) {
      const preempts = index !== world.running && world.threads[world.running]?.isDone === false;
      const preemptionsLeft = world.preemptionsLeft - (preempts ? 1 : 0);
      if (thread.isDone || preemptionsLeft < 0) continue;
      memory.set(world.memory);
      const next = takeStep(memory, functions[index]!, thread);
      if (next.steps.at(-1)?.isLost === true) swapsLost++;
      const threads = world.threads.with(index, next);
      waiting.push({ memory: memory.slice(), threads, running: index, preemptionsLeft });
    }
  }
  return { states: seen.size, swapsLost };
}

function nameOf({ memory, threads, running, preemptionsLeft }: World): string {
  const records = threads.map(({ steps }) => steps.map(({ result }) => result).join());
  const place = preemptionsLeft === Infinity ? '' : `${running} ${preemptionsLeft}`;
  return `${memory.join()}|${records.join('|')}|${place}`;
}

function takeStep(memory: Uint32Array, run: () => unknown, thread: Thread): Thread {
  const steps = [...thread.steps];
  let at = 0;
  const real = globalThis.Atomics;
  const step = (operation: Operation, given: readonly number[]): number => {
    const before = steps[at];
    if (before !== undefined) {
      at++;
      const same = before.operation === operation && before.word === given[0];
      assert(same, 'a thread does the same when it is run again');
      return before.result;
    }
    if (steps.length > thread.steps.length) throw BREAK;
    const result = (real[operation] as (...all: unknown[]) => number)(memory, ...given);
    const isLost = operation === 'compareExchange' && result !== given[1];
    steps.push({ operation, word: given[0]!, result, isLost });
    at++;
    return result;
  };
  const fake =
    (operation: Operation) =>
    (words: Uint32Array, ...given: number[]) => {
      assert(words.buffer === memory.buffer, 'the threads share one memory');
      return step(operation, given);
    };
  globalThis.Atomics = {
    load: fake('load'),
    store: fake('store'),
    add: fake('add'),
    compareExchange: fake('compareExchange'),
  } as unknown as Atomics;
  try {
    return { steps, isDone: true, result: run() };
  } catch (thrown) {
    if (thrown !== BREAK) throw thrown;
    return { steps, isDone: false, result: undefined };
  } finally {
    globalThis.Atomics = real;
  }
}
