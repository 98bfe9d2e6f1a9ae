// A key's value as a transaction sees it: its own write, or what the store had, or its own operands
// merged onto either.

import { KIND_MERGE, KIND_PUT } from '../entryKind.ts';
import type { OperandMerger } from '../merge/operandMerger.ts';
import type { FamilyWrites, OwnWrite } from './familyWrites.ts';

/**
 * The value of `key`; its array is the caller's own.
 * @param readStore the value that the store had when the transaction began; called when needed.
 * @throws LsmError as `OperandMerger.merge`.
 */
export function ownValue(
  { keys, ranges }: FamilyWrites,
  merger: OperandMerger,
  key: Uint8Array,
  readStore: () => Uint8Array | undefined,
): Uint8Array | undefined {
  const operands: Uint8Array[] = [];
  let write = keys.get(key);
  for (; write?.kind === KIND_MERGE; write = write.older) operands.push(write.value.slice());
  const base = write === undefined ? beneath() : valueOf(write);
  return operands.length === 0 ? base : merger.merge(key, base, operands.toReversed());

  function beneath(): Uint8Array | undefined {
    return ranges.covers(key) ? undefined : readStore();
  }
}

function valueOf({ kind, value }: OwnWrite): Uint8Array | undefined {
  return kind === KIND_PUT ? value.slice() : undefined;
}
