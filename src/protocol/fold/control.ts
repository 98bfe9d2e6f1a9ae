// Snapshots, stalls, faults, and the summary that stands for events which were left out.

import type { MemtableGauges } from '../events.ts';
import type { TreeState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';
import { updateFamily } from './family.ts';

/** Most problems that a state holds; the oldest go first. */
const PROBLEMS_MAX = 100;

export function createSnapshot(state: TreeState, event: EventOf<'snapshot.create'>): TreeState {
  const snapshots = [...state.snapshots, event.sequence].toSorted((left, right) => left - right);
  return { ...state, snapshots };
}

/** Two snapshots may read at one sequence: only one of them goes. */
export function releaseSnapshot(state: TreeState, event: EventOf<'snapshot.release'>): TreeState {
  const index = state.snapshots.indexOf(event.sequence);
  return index === -1 ? state : { ...state, snapshots: state.snapshots.toSpliced(index, 1) };
}

export function beginStall(state: TreeState, event: EventOf<'stall.begin'>): TreeState {
  const { severity, limit, value, limitValue } = event;
  const stall = { severity, limit, value, limitValue, since: event.number };
  return updateFamily(state, event.family, (family) => ({ ...family, stall }));
}

export function endStall(state: TreeState, event: EventOf<'stall.end'>): TreeState {
  return updateFamily(state, event.family, (family) => ({ ...family, stall: null }));
}

export function reportError(state: TreeState, event: EventOf<'error'>): TreeState {
  const { code, message, file, offset } = event;
  const problems = [...state.problems, { code, message, file, offset }].slice(-PROBLEMS_MAX);
  return { ...state, problems };
}

export function summarize(state: TreeState, event: EventOf<'summary'>): TreeState {
  const { gauges } = event;
  const after = gauges.memtables.reduce(withMemtableGauges, state);
  return {
    ...after,
    lastSequence: gauges.lastSequence,
    wal: gauges.wal,
    cache: { ...state.cache, ...gauges.cache },
    transactions: gauges.transactions,
    counters: gauges.counters,
  };
}

/** Figures of a memtable whose beginning is still to be told say nothing about the one shown. */
function withMemtableGauges(state: TreeState, gauges: MemtableGauges): TreeState {
  const { family: number, ...figures } = gauges;
  return updateFamily(state, number, (family) => {
    if (family.memtable.memtable !== gauges.memtable) return family;
    return { ...family, memtable: { ...family.memtable, ...figures } };
  });
}
