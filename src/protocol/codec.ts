// Messages as bytes: MessagePack, by msgpackr in its plain form. `useRecords: false` keeps
// generated code out of the page, whose CSP forbids eval; `int64AsType: 'number'` keeps bigints
// out, which VS Code's channel loses without an error.
//
// What goes out is one Uint8Array over a buffer of its own, exactly as long as the message: a Node
// Buffer would arrive as a plain object, a subarray would drag its whole pool along. What comes in
// is checked field by field (messageSchema.ts) before anyone sees it.

import { Packr } from 'msgpackr/pack';
import { LsmError } from '../base/errors.ts';
import type { FromViewer, ToViewer } from './messages.ts';
import { checkFromViewer, checkRequestId, checkToViewer } from './messageSchema.ts';

const MIB: number = 1024 * 1024;
/** Longest message of a viewer that is decoded, bytes; files to import travel in pieces. */
export const FROM_VIEWER_SIZE_MAX: number = 64 * MIB;
/** Longest message of a session, bytes: the largest value and what stands around it. */
export const TO_VIEWER_SIZE_MAX: number = 257 * MIB;

const packr = new Packr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

/** A message as bytes of their own, ready to be posted or transferred. */
export function encode(message: ToViewer | FromViewer): Uint8Array<ArrayBuffer> {
  return pack(message);
}

/**
 * A message of the session. Byte fields are views of `bytes`.
 * @throws LsmError `INVALID_ARGUMENT` when it is none, saying which field is wrong.
 */
export function decodeToViewer(bytes: Uint8Array): ToViewer {
  return checkToViewer(unpack(bytes, TO_VIEWER_SIZE_MAX));
}

/**
 * A message of a viewer, who is not trusted. Byte fields are views of `bytes`.
 * @throws LsmError `INVALID_ARGUMENT` when it is none, saying which field is wrong.
 */
export function decodeFromViewer(bytes: Uint8Array): FromViewer {
  return checkFromViewer(unpack(bytes, FROM_VIEWER_SIZE_MAX));
}

/** The id of a request, even one whose other fields are wrong, so that it can be refused. */
export function requestIdOf(bytes: Uint8Array): number | undefined {
  try {
    return checkRequestId(unpack(bytes, FROM_VIEWER_SIZE_MAX));
  } catch {
    return undefined;
  }
}

/** Any plain value as MessagePack in a buffer of its own. */
export function pack(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(packr.pack(value));
}

/**
 * The value that `bytes` hold; not checked for shape.
 * @throws LsmError `INVALID_ARGUMENT` when they are not one whole MessagePack value, or more than
 *   `sizeBytesMax`.
 */
export function unpack(bytes: Uint8Array, sizeBytesMax: number): unknown {
  if (bytes.byteLength > sizeBytesMax) {
    throw new LsmError(
      'INVALID_ARGUMENT',
      `a message of ${bytes.byteLength} bytes is longer than ${sizeBytesMax} bytes`,
    );
  }
  // msgpackr hands out byte fields as views of the same class: a Node Buffer must not leak through.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return packr.unpack(plain);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.slice(0, 200) : String(thrown);
    throw new LsmError('INVALID_ARGUMENT', `a message could not be decoded: ${reason}`, {
      cause: thrown,
    });
  }
}
