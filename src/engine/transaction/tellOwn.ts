// What a transaction tells while it is open: what it keeps to itself, and what it comes to rely on.

import type { EventSink } from '../../protocol/eventSink.ts';
import type { CheckedKeys, TransactionEvent } from '../../protocol/transactionEvents.ts';
import { entryKindName } from '../entryKind.ts';
import type { FamilyState } from '../family/familyState.ts';
import type { CheckedRange } from '../read/changesSince.ts';
import { PREVIEW_BYTES } from '../write/writeEvents.ts';
import type { AskedWrite } from './familyWrites.ts';

type Told<Kind extends TransactionEvent['kind']> = Extract<
  TransactionEvent,
  { readonly kind: Kind }
>;

/** Ranges of one walk that are told; each placing of it begins one. */
const WALKS_MAX = 16;

/** Tells of a write that nobody else sees yet. */
export function tellOwnWrite(
  events: EventSink,
  family: FamilyState,
  { kind, key, value }: AskedWrite,
  figures: Pick<Told<'transaction.write'>, 'transaction' | 'entries' | 'sizeBytes'>,
): void {
  const entry = {
    family: family.id,
    kind: entryKindName(kind),
    key: key.slice(),
    valueSizeBytes: value.length,
    valuePreview: value.slice(0, PREVIEW_BYTES),
  };
  events.emit({ kind: 'transaction.write', ...figures, entry });
}

/** Tells of a key that was read. */
export function tellOwnRead(
  events: EventSink,
  family: FamilyState,
  key: Uint8Array,
  value: Uint8Array | undefined,
  read: Pick<Told<'transaction.read'>, 'transaction' | 'purpose' | 'own' | 'checked' | 'keysRead'>,
): void {
  events.emit({
    kind: 'transaction.read',
    family: family.id,
    key: key.slice(),
    found: value !== undefined,
    valueSizeBytes: value?.length ?? 0,
    valuePreview: value?.slice(0, PREVIEW_BYTES) ?? new Uint8Array(0),
    ...read,
  });
}

/** Tells of the ranges that a walk has seen. */
export function tellWalk(
  events: EventSink,
  family: FamilyState,
  ranges: readonly CheckedRange[],
  walk: Pick<Told<'transaction.walk'>, 'transaction' | 'checked' | 'rangesRead'>,
): void {
  for (const range of ranges.slice(0, WALKS_MAX)) {
    events.emit({ kind: 'transaction.walk', range: checkedKeys(family.id, range), ...walk });
  }
}

/** A range as events show it. */
export function checkedKeys(
  family: number,
  { lower, upper, upperIncluded }: CheckedRange,
): CheckedKeys {
  return { family, from: lower ?? null, to: upper ?? null, toIncluded: upperIncluded };
}
