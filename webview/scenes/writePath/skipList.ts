// The memtable as the skip list it is. An insertion shows its own search, comparison by comparison,
// then the tower as tall as it was drawn, then its links from the bottom up.

import type { MemtableState } from '../../../src/protocol/treeState.ts';
import { counted, formatBytes, formatCount } from '../../model/format.ts';
import { keyText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { between, eased, span, stepOf } from '../drawing/motion.ts';
import type { Point } from '../drawing/motion.ts';
import { textWidth } from '../drawing/textWidth.ts';
import type { Column } from './skipListColumns.ts';
import type { SearchEdge, SkipListPlan } from './skipListPlan.ts';
import { insertPhases, planSkipList, predecessors, searchEdges } from './skipListPlan.ts';
import type { MemtableInsert } from './writeStory.ts';

/** Draws the memtable into `area`; returns the place that entries leave it from. */
export function drawSkipList(canvas: Canvas, area: Area): Point {
  const { frame, small, size, progress } = canvas;
  const insert = frame.event?.kind === 'memtable.insert' ? frame.event : undefined;
  const memtable = memtableShown(canvas, insert);
  if (memtable === undefined) return { x: area.x, y: area.y };
  const captionHeight = size + (canvas.compact ? 4 : 14);
  const labelHeight = small + 5;
  const top = area.y + small + 4 + captionHeight;
  const grid = { ...area, y: top, height: area.y + area.height - top - labelHeight };
  const nodes = insert === undefined ? memtable.nodes : nodesBefore(canvas, insert);
  const plan = planSkipList(nodes, insert, progress, grid);
  drawTitle(canvas, area, memtable, plan, insert);
  const edges = insert === undefined ? [] : searchEdges(plan, insert);
  drawWires(canvas, plan, insert, edges);
  if (insert !== undefined) drawSearch(canvas, plan, edges);
  drawTowers(canvas, plan, insert);
  if (insert !== undefined) {
    drawPosition(canvas, plan, insert, edges);
    drawComparison(canvas, insert, { ...area, y: area.y + small + 4, height: captionHeight });
  }
  drawLabels(canvas, plan, insert, edges, plan.yOf(0) + plan.rowHeight / 2 + small + 1);
  return { x: grid.x + 40, y: grid.y + grid.height / 2 };
}

function memtableShown(
  { frame }: Canvas,
  insert: MemtableInsert | undefined,
): MemtableState | undefined {
  const family = frame.next.families.find((each) => each.family === (insert?.family ?? 0));
  return (family ?? frame.next.families[0])?.memtable;
}

function nodesBefore({ frame }: Canvas, insert: MemtableInsert): MemtableState['nodes'] {
  const family = frame.state.families.find((each) => each.family === insert.family);
  return family?.memtable.nodes ?? [];
}

function drawTitle(
  canvas: Canvas,
  area: Area,
  memtable: MemtableState,
  plan: SkipListPlan,
  insert: MemtableInsert | undefined,
): void {
  const { sketch, small, frame, progress } = canvas;
  const y = area.y + small;
  const settled = insert === undefined || progress > 0.9;
  const before = frame.state.families.find(
    ({ memtable: each }) => each.memtable === memtable.memtable,
  );
  const shown = settled ? memtable : (before?.memtable ?? memtable);
  const gaugeWidth = Math.min(90, area.width * 0.2);
  const fill = `${formatBytes(shown.sizeBytes)} of ${formatBytes(shown.capacityBytes)}`;
  const right = area.x + area.width;
  const style = { size: small, anchor: 'end', tone: 'dim' } as const;
  const fillWidth = sketch.text('memtable.fill', right - gaugeWidth - 8, y, fill, style);
  const gauge = {
    x: right - gaugeWidth,
    y: y - small * 0.75,
    width: gaugeWidth,
    height: small * 0.7,
  };
  const share = Math.min(1, shown.sizeBytes / Math.max(1, shown.capacityBytes));
  sketch.box('memtable.gauge', gauge, { form: 'faint' });
  const filled = { ...gauge, width: gaugeWidth * share };
  sketch.box('memtable.gauge.fill', filled, { form: 'solid', tone: 'writing' });
  const drawn = plan.columns.length - (insert === undefined || settled ? 0 : 1);
  const sample = drawn < shown.entries ? `, ${formatCount(drawn)} of them drawn` : '';
  sketch.run('memtable.title', area.x, y, area.width - gaugeWidth - fillWidth - 24, [
    [`memtable ${shown.memtable}`, { size: small, strong: true }],
    [`${counted(shown.entries, 'entry', 'entries')}${sample}`, { size: small, tone: 'dim' }],
  ]);
}

/** The links between drawn neighbours at each level, before and after the new node's. */
function drawWires(
  canvas: Canvas,
  plan: SkipListPlan,
  insert: MemtableInsert | undefined,
  edges: readonly SearchEdge[],
): void {
  const before = insert === undefined ? [] : predecessors(edges, insert.height);
  for (let level = 0; level < plan.levels; level++) {
    let from = -1;
    const linked = linkShare(canvas, insert, level);
    for (let to = 0; to <= plan.columns.length; to++) {
      const column = plan.columns[to];
      if (column !== undefined && (column.fresh || column.height <= level)) continue;
      const split = insert !== undefined && level < insert.height && from === before[level];
      wire(canvas, plan, level, from, to, split ? 1 - linked : 1, 'edge');
      from = to;
      if (!split) continue;
      const fresh = plan.freshIndex;
      wire(canvas, plan, level, before[level]!, fresh, linked, 'writing');
      wire(canvas, plan, level, fresh, to, linked, 'writing');
    }
  }
}

/** How far the new node is linked in at a level: bottom up, one level after the other. */
function linkShare(
  { progress }: Canvas,
  insert: MemtableInsert | undefined,
  level: number,
): number {
  if (insert === undefined || level >= insert.height) return 1;
  const [from, to] = insertPhases.link;
  const step = (to - from) / insert.height;
  return span(progress, from + level * step, from + (level + 1) * step);
}

function wire(
  { sketch }: Canvas,
  plan: SkipListPlan,
  level: number,
  from: number,
  to: number,
  opacity: number,
  tone: Tone,
): void {
  const name = (index: number): string =>
    index < 0 ? 'head' : String(plan.columns[index]?.sequence ?? 'end');
  const y = plan.yOf(level);
  sketch.line(`wire.${level}.${name(from)}.${name(to)}`, [plan.xOf(from), y], [plan.xOf(to), y], {
    ...{ tone, opacity, form: tone === 'edge' ? 'line' : 'thick' },
  });
}

function drawTowers(canvas: Canvas, plan: SkipListPlan, insert: MemtableInsert | undefined): void {
  const { sketch, progress } = canvas;
  const { cell } = plan;
  for (let level = 0; level < plan.levels; level++) {
    const { x, y } = plan.at(-1, level);
    const box = { x: x - cell / 2, y: y - cell / 2, width: cell, height: cell };
    sketch.box(`head.${level}`, box, { form: 'card', tone: 'dim' });
    if (cell < 12) continue;
    const size = Math.min(canvas.small, cell * 0.6);
    const style = { size, tone: 'dim', face: 'code', anchor: 'middle' } as const;
    sketch.text(`head.${level}`, x, y + size * 0.36, String(level), style);
  }
  const end = plan.xOf(plan.columns.length);
  sketch.line('end', [end, plan.yOf(plan.levels - 1) - cell / 2], [end, plan.yOf(0) + cell / 2], {
    ...{ tone: 'dim', form: 'thick' },
  });
  const grown = insert === undefined ? 1 : span(progress, ...insertPhases.tower);
  for (const [index, column] of plan.columns.entries()) {
    const reached = column.fresh ? grown * column.height : column.height;
    for (let level = 0; level < Math.min(reached, column.height); level++) {
      const opacity = column.fresh ? Math.min(1, (reached - level) * 1.5) : 1;
      cellOf(canvas, plan, column, index, level, opacity);
    }
  }
}

function cellOf(
  { sketch }: Canvas,
  plan: SkipListPlan,
  column: Column,
  index: number,
  level: number,
  opacity: number,
): void {
  const { cell } = plan;
  const { x, y } = plan.at(index, level);
  const deletes = column.entryKind !== 'put' && column.entryKind !== 'merge';
  const tone = column.fresh ? 'writing' : deletes ? 'tombstone' : 'node';
  const box = { x: x - cell / 2, y: y - cell / 2, width: cell, height: cell };
  const form = column.fresh ? 'solid' : deletes ? 'card' : 'solid';
  sketch.box(`cell.${column.sequence}.${level}`, box, {
    ...{ form, tone, opacity, hint: `${keyText(column.key)} ${sequenceText(column.sequence)}` },
  });
  if (!deletes || level > 0 || cell < 8) return;
  sketch.text(`dagger.${column.sequence}`, x, y + cell * 0.32, '†', {
    ...{ size: Math.min(12, cell * 0.85), anchor: 'middle', opacity },
  });
}

/** The lit edges so far and the one being looked along. */
function drawSearch(canvas: Canvas, plan: SkipListPlan, edges: readonly SearchEdge[]): void {
  const { sketch, progress } = canvas;
  const { index: current, within } = stepOf(span(progress, ...insertPhases.search), edges.length);
  const fading = 1 - span(progress, ...insertPhases.link) * 0.6;
  for (const [index, edge] of edges.entries()) {
    if (index > current) break;
    const reach = index < current ? 1 : Math.min(1, within / 0.55);
    const from = plan.at(edge.from, edge.level);
    const to = plan.at(edge.to, edge.level);
    const tip = between(from.x, to.x, reach);
    const form = edge.went === 'right' || reach < 1 ? 'thick' : 'dashed';
    const opacity = fading * (edge.went === 'right' || index === current ? 1 : 0.8);
    sketch.line(`search.${index}`, [from.x, from.y], [tip, to.y], {
      form,
      tone: 'reading',
      opacity,
    });
  }
}

/** A ring where the search stands, another round the node that it looks at. */
function drawPosition(
  canvas: Canvas,
  plan: SkipListPlan,
  insert: MemtableInsert,
  edges: readonly SearchEdge[],
): void {
  const { sketch, progress, frame } = canvas;
  const share = span(progress, ...insertPhases.search);
  const { index: current, within } = stepOf(share, edges.length);
  const ring = ringPlace(plan, insert, edges, current, within, frame.reducedMotion);
  const side = plan.cell + 6;
  const opacity = 1 - span(progress, ...insertPhases.tower);
  const around = ({ x, y }: Point): Area => ({
    ...{ x: x - side / 2, y: y - side / 2, width: side, height: side },
  });
  const look = { form: 'ring', radius: 5 } as const;
  sketch.box('ring', around(ring), { ...look, tone: 'reading', opacity, moving: true });
  const compared = edges[current];
  if (compared === undefined || compared.to >= plan.columns.length || share >= 1) return;
  const place = around(plan.at(compared.to, compared.level));
  sketch.box('compared', place, { ...look, tone: 'writing', opacity: span(within, 0.5, 0.6) });
}

function ringPlace(
  plan: SkipListPlan,
  insert: MemtableInsert,
  edges: readonly SearchEdge[],
  current: number,
  within: number,
  reducedMotion: boolean,
): Point {
  const edge = edges[current];
  if (edge === undefined) return plan.at(-1, Math.max(0, insert.height - 1));
  const from = plan.at(edge.from, edge.level);
  const nextLevel = edges[current + 1]?.level ?? 0;
  const to = edge.went === 'right' ? plan.at(edge.to, edge.level) : plan.at(edge.from, nextLevel);
  const moved = reducedMotion ? Math.round(within) : eased(within, 0.6, 1);
  return { x: between(from.x, to.x, moved), y: between(from.y, to.y, moved) };
}

/** What the search has just found out, in words. */
function drawComparison(canvas: Canvas, insert: MemtableInsert, area: Area): void {
  const { sketch, progress, size, small } = canvas;
  const y = area.y + area.height - (canvas.compact ? 3 : 9);
  const share = span(progress, ...insertPhases.search);
  const { index, within } = stepOf(share, insert.path.length);
  const step = insert.path[index];
  const levels = counted(insert.height, 'level');
  if (step === undefined || share >= 1) {
    const words = `its tower has ${levels}; it is linked in from the bottom up`;
    const comparisons = insert.path.filter(({ key }) => key !== null).length;
    const compared = `${counted(comparisons, 'comparison')}; `;
    sketch.run('comparison', area.x, y, area.width, [
      [keyText(insert.key), { face: 'code', tone: 'writing', strong: true }],
      [compared + words, { size: small }],
    ]);
    return;
  }
  const known = within > 0.5;
  const verdict =
    step.key === null
      ? 'the list ends here: one level down'
      : step.went === 'right'
        ? 'is smaller: on to the right'
        : 'is not smaller: one level down';
  const place = `level ${step.level}, step ${index + 1} of ${insert.path.length}:`;
  sketch.run('comparison', area.x, y, area.width, [
    [place, { size: small, tone: 'dim' }],
    [step.key === null ? '' : keyText(step.key), { face: 'code', size, shorten: 'start' }],
    [known ? verdict : '…', { size: small, tone: known ? 'reading' : 'dim', strong: known }],
  ]);
}

/** Keys under the columns: the actors' first, the others where there is room. */
function drawLabels(
  canvas: Canvas,
  plan: SkipListPlan,
  insert: MemtableInsert | undefined,
  edges: readonly SearchEdge[],
  y: number,
): void {
  const { sketch, small, progress } = canvas;
  const { index } = stepOf(span(progress, ...insertPhases.search), edges.length);
  const compared = edges[index]?.to ?? -1;
  const order = [plan.freshIndex, compared, ...plan.columns.keys()];
  const taken: (readonly [number, number])[] = [];
  const style = { size: small, face: 'code', strong: false } as const;
  const seen = new Set<number>();
  for (const at of order) {
    const column = plan.columns[at];
    if (column === undefined || seen.has(at)) continue;
    seen.add(at);
    if (column.fresh && progress < insertPhases.open[0]) continue;
    const actor = at === plan.freshIndex || (at === compared && insert !== undefined);
    const room = actor ? 110 : plan.columnWidth * 1.6 - 6;
    const words = fitted(keyText(column.key), room, style);
    const width = textWidth(words, style);
    const x = Math.min(
      Math.max(plan.xOf(at), plan.area.x + width / 2),
      plan.area.x + plan.area.width - width / 2,
    );
    const extent = [x - width / 2 - 4, x + width / 2 + 4] as const;
    if (words === '' || width > room) continue;
    if (taken.some(([from, to]) => extent[0] < to && extent[1] > from)) continue;
    taken.push(extent);
    const tone = column.fresh ? 'writing' : actor ? 'text' : 'dim';
    sketch.text(`label.${column.sequence}`, x, y, words, { ...style, tone, anchor: 'middle' });
  }
}

function fitted(
  text: string,
  room: number,
  style: { size: number; face: 'code'; strong: boolean },
): string {
  const characters = Math.floor(room / (style.size * 0.602));
  if (text.length <= characters) return text;
  return characters < 4 ? '' : `…${text.slice(-(characters - 1))}`;
}
