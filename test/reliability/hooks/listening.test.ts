// Telling changes nothing: whoever listens, or makes the store wait, it writes the same files byte
// for byte, whatever it does. That the lives here do everything is told by the events: every kind
// must have been heard, but for those that are named with a reason.

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { MemoryDirectoryNode } from '../../../src/base/memoryVfs.ts';
import { COMPACTION_STRATEGIES } from '../../../src/engine/compaction/compactionOptions.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { EVENT_KINDS } from '../../../src/protocol/eventSchema.ts';
import { RecordingSink } from '../../engine/recordingSink.ts';
import { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { idle, puts } from '../workload/steps.ts';
import type { Step } from '../workload/steps.ts';
import { heldUp, LIFE, longKeys, QUIET, QuietRun } from './quietRun.ts';

/** Kinds that no life of an engine can bring about. */
const NEVER: Readonly<Record<string, string>> = {
  summary: 'the session makes it, of events that a slow viewer did not get',
  'store.options':
    'a reader of foreign directories tells it; options of ours stay while a store is open',
};

const heard = new Set<string>();

/** Every file of every directory. */
function filesOn(disk: SimulatedDisk): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const walk = (path: string, directory: MemoryDirectoryNode): void => {
    for (const [name, node] of directory.names) {
      if (node.kind === 'directory') walk(`${path}/${name}`, node);
      else files.set(`${path}/${name}`, node.toBytes());
    }
  };
  walk('', disk.root);
  return files;
}

interface Life {
  readonly options: LsmOptions;
  readonly steps: readonly Step[];
  /** At its end the disk fails. */
  readonly fails?: boolean;
}

/** What a life leaves. */
async function filesAfter(
  { options, steps, fails = false }: Life,
  sink: RecordingSink | undefined,
): Promise<Map<string, Uint8Array>> {
  const disk = new SimulatedDisk();
  const listening = sink === undefined ? {} : { events: sink };
  const run = new QuietRun(1, disk, { options: { ...QUIET, ...options, ...listening } });
  // How often somebody looks at the clock must not matter either.
  run.environment.clock.wallStepMicros = 0;
  await run.open();
  for (const step of steps) await step(run);
  disk.shouldFail = (call) => fails && call === 'sync';
  const ends = [
    await run.put('last', { sync: true }).then(() => 'written', String),
    await run.close().then(() => 'closed', String),
  ];
  expect(ends.some((end) => end.includes('EIO'))).toBe(fails);
  for (const { kind } of sink?.events ?? []) heard.add(kind);
  return filesOn(disk);
}

const NAMES = ['heard', 'heard in part', 'waited for'] as const;

function sinks(): Readonly<Record<(typeof NAMES)[number], RecordingSink>> {
  const [all, part, gated] = [new RecordingSink(), new RecordingSink(), new RecordingSink()];
  Object.assign(part, { entry: false, read: false });
  gated.gate = () => Promise.resolve();
  return { heard: all, 'heard in part': part, 'waited for': gated };
}

/** Files that differ from those of the same life that nobody heard. */
async function differences(life: Life): Promise<string[]> {
  const silent = await filesAfter(life, undefined);
  expect(silent.size).toBeGreaterThanOrEqual(3);
  const told: string[] = [];
  for (const [name, sink] of Object.entries(sinks())) {
    const files = await filesAfter(life, sink);
    const names = [...new Set([...silent.keys(), ...files.keys()])];
    const other = names.filter((file) => !isDeepStrictEqual(silent.get(file), files.get(file)));
    told.push(...other.map((file) => `${name}: ${file}`));
  }
  return told;
}

describe('the same files are written by a life, whoever listens,', () => {
  test.each(COMPACTION_STRATEGIES)('under the strategy %s', async (compaction) => {
    expect(await differences({ options: { compaction }, steps: LIFE })).toEqual([]);
  });

  test.each(['always', 'interval'] as const)('with its log synced %s', async (walSync) => {
    const options = { walSync, walSyncIntervalMs: 1, recycleLogs: 2 };
    expect(await differences({ options, steps: LIFE })).toEqual([]);
  });

  test('whose writer is held up', async () => {
    const options = { memtableSize: 1024, maxImmutableMemtables: 1, maxL0SSTables: 10 };
    expect(await differences({ options, steps: [heldUp, idle] })).toEqual([]);
  });

  test('that outgrows its manifest', async () => {
    expect(await differences({ options: {}, steps: [longKeys, idle] })).toEqual([]);
  });

  test('that ends by a fault', async () => {
    expect(await differences({ options: {}, steps: [puts, idle], fails: true })).toEqual([]);
  });

  test('and every kind of event was heard', () => {
    const missed = EVENT_KINDS.filter((kind) => !heard.has(kind) && !Object.hasOwn(NEVER, kind));
    expect(missed).toEqual([]);
    // A reason that has outlived its kind, or is none, goes.
    expect(Object.keys(NEVER).filter((kind) => heard.has(kind))).toEqual([]);
  });
});
