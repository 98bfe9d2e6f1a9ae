// The engine's world on Node: `Lsm.open(directory, nodeEnvironment())`.

import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { installCrc32Accelerator } from '../base/crc32.ts';
import type { Environment } from '../base/environment.ts';
import { NodeClock } from './nodeClock.ts';
import { nodeCodecs } from './nodeCodecs.ts';
import { NodeScheduler } from './nodeScheduler.ts';
import { NodeThreads } from './nodeThreads.ts';
import { NodeVfs } from './nodeVfs.ts';
import type { NodeVfsOptions } from './nodeVfs.ts';

/** What can be chosen about the engine's world on Node. */
export interface NodeEnvironmentOptions extends NodeVfsOptions {
  /** A fixed one makes tower heights and the like repeat; by default it is random. */
  readonly seed?: number;
  /**
   * The bundle that job threads run (`dist/jobWorker.cjs`). Where it is not there, as when the
   * sources run unbundled, and without it, jobs run in slices.
   */
  readonly jobWorkerFile?: string | undefined;
}

/**
 * Node's disk, clock, event loop and compressors, with zlib's CRC-32 for long ranges where Node has
 * it.
 */
export function nodeEnvironment(options: NodeEnvironmentOptions = {}): Environment {
  // Node has it from 20.15 and 22.2 on.
  if (typeof zlib.crc32 === 'function') installCrc32Accelerator(zlib.crc32);
  const { jobWorkerFile } = options;
  const hasThreads = jobWorkerFile !== undefined && existsSync(jobWorkerFile);
  return {
    vfs: new NodeVfs(options),
    clock: new NodeClock(),
    scheduler: new NodeScheduler(),
    codecs: nodeCodecs(),
    threads: hasThreads ? new NodeThreads(jobWorkerFile) : undefined,
    seed: options.seed ?? randomInt(0x1_0000_0000),
  };
}
