// What the versions of one key come to in RocksDB: values as they are stored in several ways, and
// operands that a merge operator puts together.

import type { ValueRules } from '../valueRules.ts';
import type { BlobFiles } from './blobFiles.ts';
import type { MergeOperator } from './mergeOperators.ts';
import { valueOf } from './storedValue.ts';

const CODE_MERGE = 2;

/**
 * The rules of a family.
 * @param merge its operator, or what shows the operands where it is not known
 * @param mergedBy its name
 * @param onMerged is told that there are operands
 */
export function rocksdbRules(
  blobs: BlobFiles,
  merge: MergeOperator,
  mergedBy: string,
  onMerged: () => void,
): ValueRules {
  return {
    needsOlder: (code) => code === CODE_MERGE,
    mergedBy,
    valueOf: (key, versions) => {
      const oldest = versions.at(-1)!;
      const isBase = oldest.code !== CODE_MERGE;
      const { code, value } = oldest;
      const base = isBase ? valueOf({ key, code, value, file: '', offset: -1 }, blobs) : undefined;
      const operands = (isBase ? versions.slice(0, -1) : versions).map((each) => each.value);
      if (operands.length === 0) return base;
      onMerged();
      return merge(base, operands.reverse());
    },
  };
}
