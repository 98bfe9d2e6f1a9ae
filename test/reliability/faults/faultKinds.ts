// The ways in which a call may go wrong, one line each, and to which calls each can happen.

import type { DiskCall, Fault } from '../disk/faults.ts';

/** Something that goes wrong at one call, or from it on. */
export interface FaultKind {
  readonly name: string;
  /** What is counted: calls of the disk, or the times that a job thread goes on. */
  readonly counts: 'calls' | 'steps';
  /** What becomes of a call; `undefined` when this cannot happen to it. */
  readonly faultAt: (call: DiskCall) => Fault | undefined;
  /** Every later call that it can happen to has it, too. */
  readonly stays: boolean;
}

/** Calls that need room on the disk. */
const TAKES_SPACE: readonly DiskCall[] = ['create', 'write', 'truncate', 'sync', 'rename', 'link'];
/** Calls that need a descriptor. */
const TAKES_DESCRIPTOR: readonly DiskCall[] = ['open', 'create', 'syncDirectory'];
/** Calls that need a permission. */
const TAKES_PERMISSION: readonly DiskCall[] = ['open', 'create', 'rename', 'link', 'remove'];

const DISK_KINDS: readonly Omit<FaultKind, 'counts'>[] = [
  { name: 'EIO-once', faultAt: refusing('EIO'), stays: false },
  { name: 'EIO-for-good', faultAt: refusing('EIO'), stays: true },
  { name: 'ENOSPC-once', faultAt: refusing('ENOSPC', TAKES_SPACE), stays: false },
  { name: 'ENOSPC-for-good', faultAt: refusing('ENOSPC', TAKES_SPACE, 40), stays: true },
  { name: 'EMFILE-once', faultAt: refusing('EMFILE', TAKES_DESCRIPTOR), stays: false },
  { name: 'EACCES-once', faultAt: refusing('EACCES', TAKES_PERMISSION), stays: false },
  { name: 'part-written', faultAt: refusing('EIO', ['write'], 9), stays: false },
  { name: 'short-read', faultAt: onRead({ kind: 'short', bytes: 7 }), stays: false },
  { name: 'flipped-bit', faultAt: onRead({ kind: 'flip', bit: 1237 }), stays: false },
];

/** All that can happen to a call. */
export const FAULT_KINDS: readonly FaultKind[] = DISK_KINDS.map((kind) => {
  return { ...kind, counts: 'calls' };
});

/** A job's thread ends by itself, as one that runs out of memory does. */
export const THREAD_DIES: FaultKind = {
  name: 'thread-dies',
  counts: 'steps',
  faultAt: () => undefined,
  stays: false,
};

function refusing(
  systemCode: string,
  calls?: readonly DiskCall[],
  doneBytes = 0,
): FaultKind['faultAt'] {
  return (call) => {
    if (calls !== undefined && !calls.includes(call)) return undefined;
    return { kind: 'refuse', systemCode, ...(call === 'write' ? { doneBytes } : {}) };
  };
}

function onRead(fault: Fault): FaultKind['faultAt'] {
  return (call) => (call === 'read' ? fault : undefined);
}
