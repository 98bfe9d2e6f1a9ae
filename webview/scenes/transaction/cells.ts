// What stands in the cells: a write of somebody else's, what was read, an own write; each as words
// and a look.

import { formatBytes } from '../../model/format.ts';
import { valueText } from '../../model/keyText.ts';
import type { EntryKind } from '../../../src/protocol/events.ts';
import type { OwnRead, OwnWrite, StoreWrite } from '../../model/transactionPast.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Form, Tone } from '../drawing/mark.ts';

/** A cell's words and its look. */
export interface Cell {
  readonly words: string;
  /** The second line, where there is room. */
  readonly more: string;
  readonly tone: Tone;
  readonly form: Form;
  /** Known to nobody else and in no file. */
  readonly hatched: boolean;
  readonly struck: boolean;
}

/** A write that the snapshot does not see. */
export function storeCell(write: StoreWrite, older: number): Cell {
  const by = write.by === undefined ? 'a plain write' : `transaction ${write.by}`;
  const more = older === 0 ? by : `${by}, ${older} older`;
  const words = `${sequenceText(write.sequence)} ${changeWords(write.kind, write)}`;
  return { ...RESTING, words, more, tone: 'dim', form: 'soft' };
}

/** Its own write, now everybody's. */
export function committedCell(write: StoreWrite): Cell {
  const words = `${sequenceText(write.sequence)} ${changeWords(write.kind, write)}`;
  return { ...RESTING, words, more: 'committed', tone: 'good', form: 'soft' };
}

/** What a key's read gave. */
export function readCell(read: OwnRead): Cell {
  const words = read.found ? valueText(read.valuePreview, read.valueSizeBytes) : 'absent';
  return { ...RESTING, words, more: readWords(read), ...readLook(read.checked) };
}

function readWords({ own, checked, purpose }: OwnRead): string {
  if (checked) return purpose === 'update' ? 'for update' : 'to be checked';
  return own ? 'its own write' : 'not checked';
}

/** A range that was walked over. */
export function walkCell(checked: boolean): Cell {
  const more = checked ? 'gaps included' : 'not checked';
  return { ...RESTING, words: 'walked', more, ...readLook(checked) };
}

function readLook(checked: boolean): Pick<Cell, 'tone' | 'form'> {
  return { tone: 'reading', form: checked ? 'soft' : 'dashed' };
}

/** A write that waits for the commit. */
export function writeCell({ entry }: OwnWrite): Cell {
  const more = `${KIND_WORDS[entry.kind]}, ${formatBytes(entry.valueSizeBytes)}`;
  const isRemoval = entry.kind.endsWith('delete');
  return {
    ...RESTING,
    words: changeWords(entry.kind, entry),
    more: isRemoval ? KIND_WORDS[entry.kind] : more,
    ...{ tone: isRemoval ? 'tombstone' : 'writing', form: 'soft', hatched: true },
  };
}

const RESTING = { hatched: false, struck: false } as const;

const KIND_WORDS: Readonly<Record<EntryKind, string>> = {
  put: 'put',
  delete: 'delete',
  merge: 'merge',
  'single-delete': 'delete of one put',
  'range-delete': 'delete of a range',
};

function changeWords(
  kind: EntryKind,
  { valuePreview, valueSizeBytes }: Pick<StoreWrite, 'valuePreview' | 'valueSizeBytes'>,
): string {
  if (kind.endsWith('delete')) return '†';
  const value = valueText(valuePreview, valueSizeBytes);
  return kind === 'merge' ? `+ ${value}` : value;
}
