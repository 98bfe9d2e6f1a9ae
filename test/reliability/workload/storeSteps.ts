// Work on whole tables and stores, beside which others write: ingests, checkpoints, another
// strategy, time that passes.

import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { COMPACTION_STRATEGIES } from '../../../src/engine/compaction/compactionOptions.ts';
import type { IngestManner } from '../../../src/engine/ingest/externalTable.ts';
import { TableBuilder } from '../../../src/engine/ingest/tableBuilder.ts';
import { DEFAULT } from './ledger.ts';
import type { Change } from './ledger.ts';
import { OTHER } from './steps.ts';
import type { Step } from './steps.ts';
import type { WorkloadRun } from './workloadRun.ts';

const OUTSIDE = '/outside';
const AGING = 'aging';
const TIME_TO_LIVE_SECONDS = 1000;

/** A table that is to be ingested. */
interface OutsideTable {
  readonly path: string;
  readonly changes: readonly Change[];
}

/** Writes a table outside of the store: puts, a removal, an operand. */
async function outsideTable(
  run: WorkloadRun,
  family: string,
  keys: readonly string[],
): Promise<OutsideTable> {
  const { environment, random } = run;
  environment.vfs.makeDirectory(OUTSIDE);
  const name = `table${random.nextUint32()}`;
  const builder = await TableBuilder.create(OUTSIDE, name, environment, { blockSize: 128 });
  const changes = keys.map((key, index): Change => {
    if (index === 1) return [family, key, undefined];
    return [family, key, index === 2 ? { plus: `of ${name}` } : run.newValue()];
  });
  for (const [, text, value] of changes) {
    const key = encodeUtf8(text);
    if (value === undefined) builder.delete(key);
    else if (value instanceof Uint8Array) builder.put(key, value);
    else if ('plus' in value) builder.merge(key, encodeUtf8(value.plus));
  }
  await builder.finish();
  return { path: environment.vfs.join(OUTSIDE, name), changes };
}

function takeIn(
  run: WorkloadRun,
  tables: readonly OutsideTable[],
  manner: IngestManner,
  family = DEFAULT,
): Promise<void> {
  const changes = tables.flatMap((table) => table.changes);
  const paths = tables.map(({ path }) => path);
  return run.promise([changes], true, () =>
    run.store.ingest(paths, { manner, family: run.family(family) }),
  );
}

/** Tables that were written outside come in, in each manner; writes go on between them. */
export const ingest: Step = async (run) => {
  for (const manner of ['copy', 'move', 'link'] as const) {
    const table = await outsideTable(run, DEFAULT, ['key15', 'key17', 'key55', 'key56']);
    await takeIn(run, [table], manner);
    await run.put(run.someKey());
  }
};

/** Two tables at once, all or none, into another family, beside a compaction of it. */
export const ingestBesideCompaction: Step = async (run) => {
  const tables = [
    await outsideTable(run, OTHER, ['key11', 'key12', 'key13']),
    await outsideTable(run, OTHER, ['key30', 'key31', 'key32']),
  ];
  const family = run.family(OTHER);
  const compaction = run.store.compactRange({ family });
  const ends = await Promise.allSettled([takeIn(run, tables, 'copy', OTHER), compaction]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
};

/** Writers are told of their writes while an ingest is under way, which comes after them. */
export const ingestBesideWrites: Step = async (run) => {
  const table = await outsideTable(run, DEFAULT, ['key14', 'key16', 'key18']);
  const changes = Array.from({ length: 5 }, (): Change => [DEFAULT, run.someKey(), run.newValue()]);
  await run.whileWriting(changes, () => takeIn(run, [table], 'copy'));
};

export const checkpoint: Step = (run) => run.checkpoint();

/** A checkpoint beside a compaction, with writers at it. */
export const checkpointBesideWrites: Step = async (run) => {
  const compaction = run.store.compactRange();
  const rounds = async (): Promise<void> => {
    for (let round = 0; round < 3; round++) await run.put(run.someKey(), { sync: round === 1 });
  };
  const changes = Array.from({ length: 6 }, (): Change => [DEFAULT, run.someKey(), run.newValue()]);
  const copy = run.whileWriting(changes, () => run.checkpoint());
  const ends = await Promise.allSettled([copy, compaction]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  const later = await Promise.allSettled([rounds(), run.checkpoint()]);
  for (const end of later) if (end.status === 'rejected') throw end.reason;
};

/** Entries of a family that live for a while: they go while others stay, flushed or not. */
export const expiry: Step = async (run) => {
  const names = Array.from({ length: 6 }, (_, index) => `brief${index}`);
  if (run.store.family(AGING) === undefined) {
    await run.createFamily(AGING, { ttlSeconds: TIME_TO_LIVE_SECONDS });
  }
  for (const name of names) await run.put(name, { family: AGING });
  await run.promise([], true, () => run.store.flush(run.family(AGING)));
  // Some hide older ones in the table; they expire together with them.
  await run.put(names[0]!, { family: AGING });
  await run.write([[AGING, names[1]!, undefined]], { sync: true });
  const expired = [...names, 'fresh'].map((name): Change => [AGING, name, undefined]);
  run.letTimePass(10 * TIME_TO_LIVE_SECONDS, expired);
  await run.put('fresh', { family: AGING, sync: true });
  await run.put(run.someKey());
  await run.store.compactRange({ family: run.family(AGING) });
};

/** The store goes on under the next strategy: what the former left is not in its order. */
export const otherStrategy: Step = async (run) => {
  const { compaction = 'leveled' } = run.options;
  const next = (COMPACTION_STRATEGIES.indexOf(compaction) + 1) % COMPACTION_STRATEGIES.length;
  await run.close();
  run.options = { ...run.options, compaction: COMPACTION_STRATEGIES[next]! };
  await run.open();
};
