// A chained batch fills the engine's batch as it grows, so that `write` has nothing left to encode.

import type { Lsm } from '../../engine/db.ts';
import { WriteBatch } from '../../engine/writeBatch.ts';
import { bytesOf } from './encodedBytes.ts';
import type { Encoded } from './encodedBytes.ts';
import { inLevelTerms, settleInLevelTerms } from './levelError.ts';
import { ChainedBatchBase } from './typedBases.ts';

/** Operations that become visible together. */
export class LevelChainedBatch<Database, Key, Value> extends ChainedBatchBase<
  Database,
  Key,
  Value
> {
  readonly #store: Lsm;
  readonly #batch: WriteBatch = new WriteBatch();

  constructor(database: Database, store: Lsm) {
    super(database);
    this.#store = store;
  }

  _put(key: Encoded, value: Encoded): void {
    inLevelTerms(() => this.#batch.put(bytesOf(key), bytesOf(value)));
  }

  _del(key: Encoded): void {
    inLevelTerms(() => this.#batch.delete(bytesOf(key)));
  }

  _clear(): void {
    this.#batch.clear();
  }

  async _write({ sync }: { readonly sync?: boolean }): Promise<void> {
    await settleInLevelTerms(this.#store.write(this.#batch, { sync }));
  }
}
