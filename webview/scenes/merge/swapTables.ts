// Which tables a manifest edit takes out of the tree and which it puts in.

import type { TableInfo } from '../../../src/protocol/events.ts';
import type { Frame } from '../../model/frame.ts';
import { findTable } from '../../model/selection.ts';
import type { ManifestEdit } from '../flush/manifestLine.ts';

export interface SwappedTable {
  readonly level: number;
  readonly table: TableInfo;
}

export interface SwapTables {
  readonly inputs: readonly SwappedTable[];
  readonly outputs: readonly SwappedTable[];
}

/** Both sides of the swap; the inputs as they stand in the tree before it. */
export function swapTables({ state }: Frame, edit: ManifestEdit | undefined): SwapTables {
  const inputs = (edit?.removed ?? []).flatMap(({ level, file }) => {
    const found = findTable(state, file);
    return found === undefined ? [] : [{ level, table: found.table }];
  });
  return { inputs, outputs: edit?.added ?? [] };
}
