// A store made of a Map: what a workload must find again.

import { compareBytes, decodeUtf8 } from '../../../src/base/bytes.ts';
import type { KeyAndValue, WorkloadTarget } from '../../../src/session/storeTarget.ts';
import type { Operation, OperationResult } from '../../../src/session/workloads/operation.ts';

export class MapTarget implements WorkloadTarget {
  private readonly entries = new Map<string, KeyAndValue>();
  private sorted: KeyAndValue[] = [];

  async put(key: Uint8Array, value: Uint8Array): Promise<void> {
    this.entries.set(decodeUtf8(key), [key, value]);
  }

  async delete(key: Uint8Array): Promise<void> {
    this.entries.delete(decodeUtf8(key));
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.entries.get(decodeUtf8(key))?.[1];
  }

  scan(from: Uint8Array, to: Uint8Array | undefined, limit: number): KeyAndValue[] {
    const sorted = this.inOrder();
    const start = sorted.findIndex(([key]) => compareBytes(key, from) >= 0);
    if (start === -1) return [];
    const found = sorted.slice(start, start + limit);
    return to === undefined ? found : found.filter(([key]) => compareBytes(key, to) < 0);
  }

  /** Keys in order; values may be older ones, which no workload minds. */
  private inOrder(): KeyAndValue[] {
    if (this.sorted.length !== this.entries.size) {
      this.sorted = [...this.entries.values()].toSorted(([left], [right]) =>
        compareBytes(left, right),
      );
    }
    return this.sorted;
  }

  summary(): string {
    return `a map of ${this.entries.size} entries`;
  }

  /** One step of a workload, at once. */
  perform(operation: Operation): OperationResult {
    switch (operation.kind) {
      case 'put':
        this.entries.set(decodeUtf8(operation.key), [operation.key, operation.value]);
        return {};
      case 'delete':
        this.entries.delete(decodeUtf8(operation.key));
        return {};
      case 'get':
        return { value: this.entries.get(decodeUtf8(operation.key))?.[1] };
      case 'scan':
        return { entries: this.scan(operation.from, operation.to, operation.limit) };
      case 'summary':
        return { text: this.summary() };
      default:
        return {};
    }
  }
}
