// What the frame knows about asking one table for one key: the filter's answer, the way through the
// index, the block, and what was found in it.

import type { LsmEventBody } from '../../../src/protocol/events.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import type { Frame } from '../../model/frame.ts';
import { findTable } from '../../model/selection.ts';

type Body<K> = Extract<LsmEventBody, { readonly kind: K }>;
export type FilterCheck = Body<'filter.check'>;
export type IndexSeek = Body<'index.seek'>;
export type BlockRead = Body<'block.read'>;
export type BlockSearch = Body<'block.search'>;

/** The steps of asking a table, in the order in which they happen. */
export const lookupSteps = ['filter', 'index', 'block', 'search'] as const;

export interface LookupStory {
  /** 0 when no table is being asked. */
  readonly file: number;
  readonly level: number;
  readonly table: TableInfo | undefined;
  readonly key: Uint8Array | undefined;
  readonly check: FilterCheck | undefined;
  readonly seek: IndexSeek | undefined;
  readonly read: BlockRead | undefined;
  readonly search: BlockSearch | undefined;
  /** Index into `lookupSteps` of the step being shown, −1 for none. */
  readonly step: number;
}

/** The frame itself, or, between tables, the end of the last step that asked one. */
export function latestAsked(frame: Frame): Frame {
  const { event, recent } = frame;
  if (event === null || stepOfEvent(event.kind) >= 0) return frame;
  const at = recent.findLastIndex(({ kind }) => stepOfEvent(kind) >= 0);
  const latest = recent[at];
  if (latest === undefined) return frame;
  return { ...frame, event: latest, recent: recent.slice(0, at), progress: 1 };
}

/** Reads the story of the table that the shown event asks. */
export function lookupStory(frame: Frame): LookupStory {
  const { event, recent, state } = frame;
  const step = stepOfEvent(event?.kind);
  const file = event !== null && step >= 0 && 'file' in event ? Number(event.file) : 0;
  const events = step >= 0 && event !== null ? [...recent, event] : [];
  const ofTable = events.filter((each) => 'file' in each && each.file === file);
  const check = ofTable.findLast((each) => each.kind === 'filter.check');
  const seek = ofTable.findLast((each) => each.kind === 'index.seek');
  const found = findTable(state, file);
  return {
    file,
    level: check?.level ?? seek?.level ?? found?.level ?? 0,
    table: found?.table,
    key: events.findLast((each) => each.kind === 'get.begin')?.key,
    check,
    seek,
    read: ofTable.findLast((each) => each.kind === 'block.read'),
    search: ofTable.findLast((each) => each.kind === 'block.search'),
    step,
  };
}

function stepOfEvent(kind: LsmEventBody['kind'] | undefined): number {
  switch (kind) {
    case 'filter.check':
      return 0;
    case 'index.seek':
      return 1;
    case 'block.read':
      return 2;
    case 'block.search':
      return 3;
    default:
      return -1;
  }
}
