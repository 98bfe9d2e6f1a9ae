// Holds a folded state against the engine's own account of itself, as text of differences: empty
// when they agree. Two things may differ by design: which nodes of a large memtable each knows
// (then every node that both know must be the same), and how far a running job is (the fold hears
// of it now and then, and is never ahead).

import type { JobState, MemtableState, TreeState } from '../../src/protocol/treeState.ts';

/** What differs, one line each, with the path of the field. */
export function differences(folded: TreeState, described: TreeState): string[] {
  return [
    ...diff('', withoutLooseParts(folded), withoutLooseParts(described)),
    ...memtableDifferences(folded, described),
    ...jobDifferences(folded.jobs, described.jobs),
  ];
}

/** Everything that must agree field by field. */
function withoutLooseParts(state: TreeState): object {
  const { eventNumber: _number, timeMicros: _time, jobs, ...rest } = state;
  return {
    ...rest,
    families: state.families.map((family) => ({
      ...family,
      memtable: { ...family.memtable, nodes: null },
      immutables: family.immutables.map((memtable) => ({ ...memtable, nodes: null })),
      ghosts: family.ghosts.map((table) => table.file).toSorted((left, right) => left - right),
    })),
    jobs: jobs.map((job) => job.job),
  };
}

function memtablesOf(state: TreeState): readonly MemtableState[] {
  return state.families.flatMap((family) => [family.memtable, ...family.immutables]);
}

function memtableDifferences(folded: TreeState, described: TreeState): string[] {
  return memtablesOf(described).flatMap((truth) => {
    const known = memtablesOf(folded).find((memtable) => memtable.memtable === truth.memtable);
    if (known === undefined) return [];
    const path = `memtable ${truth.memtable}.nodes`;
    const complete = (memtable: MemtableState): boolean =>
      memtable.nodes.length === memtable.entries;
    if (complete(known) && complete(truth)) return diff(path, known.nodes, truth.nodes);
    const bySequence = new Map(truth.nodes.map((node) => [node.sequence, node]));
    return known.nodes.flatMap((node) => {
      const same = bySequence.get(node.sequence);
      return same === undefined ? [] : diff(path, node, same);
    });
  });
}

function jobDifferences(folded: readonly JobState[], described: readonly JobState[]): string[] {
  return described.flatMap((truth) => {
    const known = folded.find((job) => job.job === truth.job);
    if (known === undefined) return [];
    const doneBy = (job: JobState): number =>
      job.kind === 'flush' ? job.entriesDone : job.totals.entriesIn;
    const ahead = doneBy(known) > doneBy(truth);
    return ahead ? [`job ${truth.job}: the fold is ahead of the engine`] : [];
  });
}

function diff(path: string, left: unknown, right: unknown): string[] {
  if (Object.is(left, right)) return [];
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return Buffer.compare(left, right) === 0 ? [] : [`${path}: ${show(left)} ≠ ${show(right)}`];
  }
  const bothObjects =
    typeof left === 'object' && typeof right === 'object' && left !== null && right !== null;
  if (!bothObjects) return [`${path}: ${show(left)} ≠ ${show(right)}`];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].flatMap((name) =>
    diff(
      `${path}.${name}`,
      (left as Record<string, unknown>)[name],
      (right as Record<string, unknown>)[name],
    ),
  );
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return JSON.stringify(value) ?? 'undefined';
}
