// What a workload consists of. A workload is a generator: it yields one operation after the other
// and is told what each gave; it knows no store, no clock and no chance but its own seeded one, so
// the same options give the same operations.

import type { KeyAndValue } from '../storeTarget.ts';

/** One step of a workload. */
export type Operation =
  | { readonly kind: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'delete'; readonly key: Uint8Array }
  | { readonly kind: 'get'; readonly key: Uint8Array }
  | {
      readonly kind: 'scan';
      readonly from: Uint8Array;
      /** Exclusive; open when missing. */
      readonly to?: Uint8Array;
      readonly limit: number;
    }
  /** Asks for a line of figures about the store. */
  | { readonly kind: 'summary' }
  /** Tells whoever follows what comes next, or what was found; costs the store nothing. */
  | { readonly kind: 'say'; readonly message: string };

/** What an operation gave; nothing for writes. */
export interface OperationResult {
  /** Of a get: the value, `undefined` when the key is absent. */
  readonly value?: Uint8Array | undefined;
  /** Of a scan. */
  readonly entries?: readonly KeyAndValue[];
  /** Of a summary. */
  readonly text?: string;
}

/** A stream of operations. */
export type Workload = Generator<Operation, void, OperationResult>;

/** A workload and how long it is. */
export interface WorkloadPlan {
  readonly name: string;
  /** Operations on the store that it will ask for, loading included; the last may come sooner. */
  readonly operations: number;
  readonly steps: Workload;
}
