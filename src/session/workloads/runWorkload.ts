// Runs a workload on a store, one operation after the other: paced, followed, and stopped when
// asked.

import type { Clock } from '../../base/clock.ts';
import { LsmError } from '../../base/errors.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import type { Progress } from '../../protocol/messages.ts';
import type { WorkloadTarget } from '../storeTarget.ts';
import type { Operation, OperationResult, WorkloadPlan } from './operation.ts';

/** Work between two turns of the event loop, microseconds: messages and timers get their chance. */
const SLICE_MICROS = 4000;
/** How far a paced run may fall behind and still catch up, microseconds. */
const CATCH_UP_MICROS = 100_000;

/** How a run is paced and followed. */
export interface RunOptions {
  /** 0: as fast as it goes. */
  readonly operationsPerSecond: number;
  readonly signal?: { readonly aborted: boolean };
  readonly onProgress?: (progress: Progress) => void;
}

/** What a run came to. */
export interface RunResult {
  /** Operations on the store. */
  readonly operations: number;
  readonly durationMicros: number;
}

/** The world a run needs. */
export interface RunWorld {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/**
 * Runs `plan` to its end.
 * @throws LsmError `CANCELLED` when `signal` says so; otherwise as the store or the workload does.
 */
export async function runWorkload(
  plan: WorkloadPlan,
  target: WorkloadTarget,
  world: RunWorld,
  options: RunOptions,
): Promise<RunResult> {
  const startMicros = world.clock.monotonicMicros();
  const pace = new Pace(world, options.operationsPerSecond);
  let operations = 0;
  let message = plan.name;
  let result: OperationResult = {};
  for (;;) {
    const step = plan.steps.next(result);
    if (step.done === true) break;
    const operation = step.value;
    if (operation.kind === 'say') {
      message = operation.message;
      result = {};
    } else {
      if (pace.isDue()) await pace.turn();
      if (options.signal?.aborted === true) {
        throw new LsmError('CANCELLED', `${plan.name} was stopped after ${operations} operations`);
      }
      result = await perform(operation, target);
      if (operation.kind !== 'summary') operations++;
    }
    const total = Math.max(plan.operations, operations);
    options.onProgress?.({ done: operations, total, unit: 'entries', message });
  }
  return { operations, durationMicros: world.clock.monotonicMicros() - startMicros };
}

async function perform(
  operation: Exclude<Operation, { readonly kind: 'say' }>,
  target: WorkloadTarget,
): Promise<OperationResult> {
  switch (operation.kind) {
    case 'put':
      await target.put(operation.key, operation.value);
      return {};
    case 'delete':
      await target.delete(operation.key);
      return {};
    case 'get':
      return { value: await target.get(operation.key) };
    case 'scan':
      return { entries: [...target.scan(operation.from, operation.to, operation.limit)] };
    case 'summary':
      return { text: target.summary() };
  }
}

/** When the next operation may begin. */
class Pace {
  private readonly world: RunWorld;
  private readonly intervalMicros: number;
  private sliceStartMicros: number;
  private nextMicros: number;

  constructor(world: RunWorld, operationsPerSecond: number) {
    this.world = world;
    this.intervalMicros = operationsPerSecond > 0 ? 1_000_000 / operationsPerSecond : 0;
    this.sliceStartMicros = world.clock.monotonicMicros();
    this.nextMicros = this.sliceStartMicros;
  }

  /** Whether `turn` is to be awaited before the next operation. */
  isDue(): boolean {
    const now = this.world.clock.monotonicMicros();
    if (this.intervalMicros === 0) return now - this.sliceStartMicros >= SLICE_MICROS;
    this.nextMicros = Math.max(this.nextMicros + this.intervalMicros, now - CATCH_UP_MICROS);
    return this.nextMicros > now || now - this.sliceStartMicros >= SLICE_MICROS;
  }

  /** Waits until the operation's time has come, and at least for one turn. */
  async turn(): Promise<void> {
    const waitMillis = (this.nextMicros - this.world.clock.monotonicMicros()) / 1000;
    if (this.intervalMicros > 0 && waitMillis >= 1) {
      await new Promise<void>((resolve) => this.world.scheduler.after(waitMillis, resolve));
    } else {
      await this.world.scheduler.turn();
    }
    this.sliceStartMicros = this.world.clock.monotonicMicros();
  }
}
