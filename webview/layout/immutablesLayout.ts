// Sealed memtables waiting for their flush. The oldest is drawn as cells that empty while its table
// is written; those behind it are named below. Card and cells keep the identity that they had in
// the memtable, so that sealing is seen as a move.

import type { FlushJobState, JobState, MemtableState } from '../../src/protocol/treeState.ts';
import { counted, formatBytes, formatShare } from '../model/format.ts';
import { placeCard } from './cardLayout.ts';
import { nodeKey } from './memtableLayout.ts';
import type { Picture, Region } from './marks.ts';
import { PictureBuilder } from './marks.ts';
import type { TextMeasure } from './textMeasure.ts';
import { fitted } from './textMeasure.ts';

const CELL = 11;
const CELL_PITCH = 14;
const WAITING_LINE_HEIGHT = 16;

/** The queue's card. */
export function immutablesLayout(
  immutables: readonly MemtableState[],
  jobs: readonly JobState[],
  region: Region,
  measure: TextMeasure,
): Picture {
  const picture = new PictureBuilder();
  const oldest = immutables[0];
  if (oldest === undefined) {
    placeEmpty(picture, region, measure);
    return picture;
  }
  const job = flushOf(oldest, jobs);
  const share = job === undefined ? 0 : sharePart(job);
  const doing = job === undefined ? 'waits for its flush' : `flushing ${formatShare(share)}`;
  const content = placeCard(
    picture,
    {
      key: `memtable-${oldest.memtable}`,
      title: `immutable #${oldest.memtable}`,
      figures: [doing, job === undefined ? 'waiting' : formatShare(share)],
      look: 'card sealed',
      target: { kind: 'memtable', memtable: oldest.memtable },
      label:
        `Sealed memtable ${oldest.memtable}: ${counted(oldest.entries, 'entry', 'entries')}, ` +
        `${formatBytes(oldest.sizeBytes)}, ${doing}`,
      reservedWidth: 0,
    },
    region,
    measure,
  );
  const behind = immutables.length - 1;
  const cellsHeight = content.height - (behind > 0 ? WAITING_LINE_HEIGHT : 0);
  placeCells(picture, oldest, share, { ...content, height: cellsHeight });
  if (behind > 0) {
    const numbers = immutables.slice(1).map((sealed) => `#${sealed.memtable}`);
    const text = fitted(`behind it: ${numbers.join(', ')}`, 'small', content.width, measure);
    picture.text({
      key: 'immutables-behind',
      x: content.x,
      y: content.y + content.height,
      text,
      style: 'small',
      look: 'dim',
      width: measure(text, 'small'),
    });
  }
  return picture;
}

/** The flush that empties a memtable. */
export function flushOf(
  memtable: MemtableState,
  jobs: readonly JobState[],
): FlushJobState | undefined {
  return jobs.find(
    (job): job is FlushJobState => job.kind === 'flush' && job.memtable === memtable.memtable,
  );
}

/** How much of a flush is done, 0…1. */
export function sharePart(job: FlushJobState): number {
  return job.entries > 0 ? Math.min(1, job.entriesDone / job.entries) : 0;
}

function placeEmpty(picture: PictureBuilder, region: Region, measure: TextMeasure): void {
  const content = placeCard(
    picture,
    {
      key: 'immutable-none',
      title: 'immutable',
      figures: ['none'],
      look: 'card sealed',
      reservedWidth: 0,
    },
    region,
    measure,
  );
  const lines = ['A full memtable waits', 'here for its flush.'];
  lines.forEach((line, at) => {
    const text = fitted(line, 'small', content.width, measure);
    picture.text({
      key: `immutable-none-${at}`,
      x: content.x,
      y: content.y + 14 + at * 15,
      text,
      style: 'small',
      look: 'dim',
      width: measure(text, 'small'),
    });
  });
}

function placeCells(
  picture: PictureBuilder,
  sealed: MemtableState,
  share: number,
  content: Region,
): void {
  const columns = Math.max(1, Math.floor((content.width + 3) / CELL_PITCH));
  const rows = Math.max(1, Math.floor((content.height + 3) / CELL_PITCH));
  const count = Math.min(columns * rows, Math.max(1, sealed.entries));
  const emptied = share * count;
  for (let cell = 0; cell < count; cell++) {
    picture.box({
      key: cellKey(sealed, cell, count),
      x: content.x + (cell % columns) * CELL_PITCH,
      y: content.y + Math.floor(cell / columns) * CELL_PITCH,
      width: CELL,
      height: CELL,
      look: cell < emptied ? 'sealed-cell emptied' : 'sealed-cell',
    });
  }
}

/** A cell is the node that it stands for, as far as nodes are known. */
function cellKey(sealed: MemtableState, cell: number, count: number): string {
  const { nodes } = sealed;
  const node = nodes[Math.floor((cell * nodes.length) / count)];
  if (node === undefined || nodes.length < count) return `cell-${sealed.memtable}-${cell}`;
  return nodeKey(node, 0);
}
