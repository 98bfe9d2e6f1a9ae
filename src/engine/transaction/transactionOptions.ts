// What the callers of a transaction choose.

import { LsmError } from '../../base/errors.ts';
import type { IsolationLevel } from '../../protocol/transactionEvents.ts';
import type { RangeOptions, ReadOptions } from '../readOptions.ts';

/** Of a transaction. */
export interface TransactionOptions {
  /**
   * - `snapshot`: two that write the same key conflict; write skew can happen.
   * - `serializable`: one that read what another wrote conflicts, too; all committed ones might
   *   have run one after the other. The default.
   */
  readonly isolation?: IsolationLevel | undefined;
  /** Bytes that keys and values written and keys read may take in memory; 64 MiB by default. */
  readonly memoryLimit?: number | undefined;
}

/** The options with every default filled in. */
export interface ResolvedTransactionOptions {
  readonly isolation: IsolationLevel;
  readonly memoryLimit: number;
}

/** How a key is read in a transaction. */
export type TransactionReadOptions = Omit<ReadOptions, 'snapshot'>;
/** What is walked over in a transaction. */
export type TransactionRangeOptions = Omit<RangeOptions, 'snapshot'>;

const MEMORY_LIMIT_BYTES = 64 * 1024 * 1024;
const MEMORY_LIMIT_MIN_BYTES = 1024;

/** @throws LsmError `INVALID_ARGUMENT` for an option out of its bounds. */
export function resolveTransactionOptions(options: TransactionOptions): ResolvedTransactionOptions {
  const { isolation = 'serializable', memoryLimit = MEMORY_LIMIT_BYTES } = options;
  if (isolation !== 'snapshot' && isolation !== 'serializable') {
    throw new LsmError(
      'INVALID_ARGUMENT',
      `isolation is ${JSON.stringify(isolation)}; it must be "snapshot" or "serializable"`,
    );
  }
  if (!Number.isSafeInteger(memoryLimit) || memoryLimit < MEMORY_LIMIT_MIN_BYTES) {
    throw new LsmError(
      'INVALID_ARGUMENT',
      `memoryLimit is ${memoryLimit}; it must be an integer of at least ` +
        `${MEMORY_LIMIT_MIN_BYTES} bytes`,
    );
  }
  return { isolation, memoryLimit };
}
