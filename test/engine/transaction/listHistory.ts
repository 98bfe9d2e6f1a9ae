// A history of transactions over lists, and a small checker of what they saw, after Elle (Kingsbury
// and Alvaro, 2020): every append is unique, so each read of a list tells the order of all writes
// before it, and with it who depends on whom.
//
//   ww  two appended to one list, one right after the other
//   wr  one read the other's append as the list's last element
//   rw  one read a list that lacks the other's append, the next one to it (an anti-dependency)
//
// Serializable: no cycle at all. Snapshot isolation: every cycle has two rw edges in a row (Cerone
// and Gotsman, 2018); so G0, G1c, G-single and lost updates are none of its histories, write skew
// is.

/** What a transaction did to one list; reads are of the list before its own appends. */
export type ListAction =
  | { readonly kind: 'append'; readonly list: string; readonly element: number }
  | { readonly kind: 'read'; readonly list: string; readonly elements: readonly number[] };

/** A transaction that committed. */
export type ListTransaction = readonly ListAction[];

type EdgeKind = 'ww' | 'wr' | 'rw';

interface Edge {
  readonly kind: EdgeKind;
  readonly from: number;
  readonly to: number;
}

/** What is wrong with a history; empty when nothing is. */
export interface Anomalies {
  /** Reads of what never committed, and reads that contradict the final lists. */
  readonly badReads: readonly string[];
  /** A cycle, as `3 -rw-> 5 -rw-> 3`; empty when there is none. */
  readonly cycle: string;
  /** A cycle that snapshot isolation forbids, too. */
  readonly snapshotCycle: string;
}

/** Holds a history against what the lists are in the end. */
export function checkHistory(
  transactions: readonly ListTransaction[],
  finalLists: ReadonlyMap<string, readonly number[]>,
): Anomalies {
  const appender = new Map<number, number>();
  for (const [index, actions] of transactions.entries()) {
    for (const action of actions) if (action.kind === 'append') appender.set(action.element, index);
  }
  const badReads = [...badReadsOf(transactions, finalLists), ...lostAppends(appender, finalLists)];
  const edges = [...edgesOf(transactions, finalLists, appender)].filter(
    ({ from, to }) => from !== to,
  );
  return { badReads, cycle: findCycle(edges), snapshotCycle: findCycle(pairedEdges(edges)) };
}

function* badReadsOf(
  transactions: readonly ListTransaction[],
  finalLists: ReadonlyMap<string, readonly number[]>,
): Generator<string> {
  for (const [index, actions] of transactions.entries()) {
    for (const action of actions) {
      if (action.kind !== 'read') continue;
      const whole = finalLists.get(action.list) ?? [];
      const isPrefix = action.elements.every((element, at) => whole[at] === element);
      if (!isPrefix) yield `${index} read ${action.list}=${action.elements.join()}`;
    }
  }
}

/** Appends of committed transactions must be there, those of others must not. */
function* lostAppends(
  appender: ReadonlyMap<number, number>,
  finalLists: ReadonlyMap<string, readonly number[]>,
): Generator<string> {
  const present = new Set([...finalLists.values()].flat());
  for (const [element, index] of appender) {
    if (!present.has(element)) yield `the append of ${element} by ${index} is lost`;
  }
  for (const element of present) {
    if (!appender.has(element)) yield `${element} was appended by nobody who committed`;
  }
}

function* edgesOf(
  transactions: readonly ListTransaction[],
  finalLists: ReadonlyMap<string, readonly number[]>,
  appender: ReadonlyMap<number, number>,
): Generator<Edge> {
  for (const elements of finalLists.values()) {
    for (let at = 1; at < elements.length; at++) {
      const from = appender.get(elements[at - 1]!);
      const to = appender.get(elements[at]!);
      if (from !== undefined && to !== undefined) yield { kind: 'ww', from, to };
    }
  }
  for (const [index, actions] of transactions.entries()) {
    for (const action of actions) {
      if (action.kind !== 'read') continue;
      const whole = finalLists.get(action.list) ?? [];
      const last = appender.get(action.elements.at(-1) ?? -1);
      if (last !== undefined) yield { kind: 'wr', from: last, to: index };
      const next = appender.get(whole[action.elements.length] ?? -1);
      if (next !== undefined) yield { kind: 'rw', from: index, to: next };
    }
  }
}

/** Each ww or wr edge, alone and together with a rw edge behind it. */
function pairedEdges(edges: readonly Edge[]): Edge[] {
  const dependencies = edges.filter(({ kind }) => kind !== 'rw');
  const anti = byOrigin(edges.filter(({ kind }) => kind === 'rw'));
  const paired = dependencies.flatMap((edge) =>
    (anti.get(edge.to) ?? []).map(({ to }): Edge => ({ kind: 'rw', from: edge.from, to })),
  );
  return [...dependencies, ...paired];
}

function byOrigin(edges: readonly Edge[]): Map<number, Edge[]> {
  const outgoing = new Map<number, Edge[]>();
  for (const edge of edges) outgoing.set(edge.from, [...(outgoing.get(edge.from) ?? []), edge]);
  return outgoing;
}

/** Some cycle as text, by depth-first search; empty when the edges have none. */
function findCycle(edges: readonly Edge[]): string {
  const outgoing = byOrigin(edges);
  const done = new Set<number>();
  const path: Edge[] = [];
  const onPath = new Set<number>();
  const visit = (node: number): string => {
    if (onPath.has(node)) return cycleText(path, node);
    if (done.has(node)) return '';
    onPath.add(node);
    for (const edge of outgoing.get(node) ?? []) {
      path.push(edge);
      const found = visit(edge.to);
      if (found !== '') return found;
      path.pop();
    }
    onPath.delete(node);
    done.add(node);
    return '';
  };
  for (const node of outgoing.keys()) {
    const found = visit(node);
    if (found !== '') return found;
  }
  return '';
}

function cycleText(path: readonly Edge[], node: number): string {
  const start = path.findIndex(({ from }) => from === node);
  const cycle = path.slice(start);
  return `${cycle.map(({ from, kind }) => `${from} -${kind}-> `).join('')}${node}`;
}
