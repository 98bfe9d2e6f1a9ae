// What would become of a file's bytes at a crash: what a sync has made durable, and every change
// since, in order. Contents are never changed once they are here, so an image of the disk shares
// them.

/** A write, or a change of the size. */
export type FileChange =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly sizeBytes: number };

/** A file at one moment, as the disk and as the system's cache have it. */
export interface FileFate {
  /** What every crash leaves. */
  readonly durable: Uint8Array;
  /**
   * What programs saw at the last sync; another array than `durable` only after a sync that failed:
   * the system then takes its pages for clean, and no later sync writes them.
   */
  readonly cached: Uint8Array;
  /** What came after; grows in place. */
  readonly pending: FileChange[];
}

/** A file that is durable as it is. */
export function settledFile(content: Uint8Array = new Uint8Array(0)): FileFate {
  return { durable: content, cached: content, pending: [] };
}

/** After a sync that began when `count` changes were pending. */
export function afterSync({ durable, cached, pending }: FileFate, count: number): FileFate {
  const synced = pending.slice(0, count);
  const now = applied(cached, synced);
  return {
    durable: durable === cached ? now : applied(durable, synced),
    cached: now,
    pending: pending.slice(count),
  };
}

/** After such a sync has failed: those changes can be read on, but will never be durable. */
export function afterFailedSync({ durable, cached, pending }: FileFate, count: number): FileFate {
  if (count === 0) return { durable, cached, pending };
  return {
    durable,
    cached: applied(cached, pending.slice(0, count)),
    pending: pending.slice(count),
  };
}

/** A content after changes; gaps are zeros. */
export function applied(content: Uint8Array, changes: readonly FileChange[]): Uint8Array {
  if (changes.length === 0) return content;
  let sizeBytes = content.length;
  let mostBytes = sizeBytes;
  for (const change of changes) {
    if (change.kind === 'truncate') sizeBytes = change.sizeBytes;
    else sizeBytes = Math.max(sizeBytes, change.position + change.bytes.length);
    mostBytes = Math.max(mostBytes, sizeBytes);
  }
  const result = new Uint8Array(mostBytes);
  result.set(content);
  let end = content.length;
  for (const change of changes) {
    if (change.kind === 'truncate') {
      if (change.sizeBytes < end) result.fill(0, change.sizeBytes, end);
      end = change.sizeBytes;
    } else {
      result.set(change.bytes, change.position);
      end = Math.max(end, change.position + change.bytes.length);
    }
  }
  return result.subarray(0, end);
}
