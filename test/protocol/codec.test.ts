// Round trips of every kind of message, and what a hostile or broken message gets.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LsmError } from '../../src/base/errors.ts';
import {
  decodeFromViewer,
  decodeToViewer,
  encode,
  FROM_VIEWER_SIZE_MAX,
  pack,
  requestIdOf,
} from '../../src/protocol/codec.ts';
import { checkEvent, EVENT_KINDS, eventSchemas } from '../../src/protocol/eventSchema.ts';
import type { LsmEvent } from '../../src/protocol/events.ts';
import { fromViewerSchema, toViewerSchema } from '../../src/protocol/messageSchema.ts';
import type { SchemaNode } from '../../src/protocol/schema.ts';
import { arbitraryOf } from './schemaArbitrary.ts';

function batchOf(events: readonly LsmEvent[]): Uint8Array {
  return encode({ kind: 'batch', events, leftOut: 0, batch: 1 });
}

/** Every Uint8Array in a value, wherever it stands. */
function byteFields(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(byteFields);
}

describe('codec', () => {
  it.each(EVENT_KINDS)('brings back an event of kind %s as it was', (kind) => {
    const stamp = fc.record({ number: fc.maxSafeNat(), timeMicros: fc.maxSafeNat() });
    const body = arbitraryOf<object>(eventSchemas[kind] as SchemaNode);
    fc.assert(
      fc.property(body, stamp, (fields, numbers) => {
        const event = { ...fields, ...numbers, kind } as unknown as LsmEvent;
        const message = decodeToViewer(batchOf([event]));
        expect(message).toEqual({ kind: 'batch', events: [event], leftOut: 0, batch: 1 });
      }),
      { numRuns: 30 },
    );
  });

  it('brings back every message of a viewer as it was', () => {
    fc.assert(
      fc.property(arbitraryOf(fromViewerSchema), (message) => {
        expect(decodeFromViewer(encode(message))).toEqual(message);
      }),
      { numRuns: 300 },
    );
  });

  it('brings back every message of a session as it was', () => {
    fc.assert(
      fc.property(arbitraryOf(toViewerSchema), (message) => {
        expect(decodeToViewer(encode(message))).toEqual(message);
      }),
      { numRuns: 300 },
    );
  });

  it('encodes into a buffer of its own, exactly as long as the message', () => {
    const bytes = encode({ kind: 'cancel', id: 3 });
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    expect(bytes.byteOffset).toBe(0);
    expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
  });

  it('hands out plain byte arrays even when given a Node Buffer', () => {
    fc.assert(
      fc.property(arbitraryOf(fromViewerSchema), (message) => {
        for (const bytes of byteFields(decodeFromViewer(Buffer.from(encode(message))))) {
          expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
        }
      }),
    );
  });

  it('keeps numbers above 2^32 numbers', () => {
    const sequence = 2 ** 53 - 1;
    const bytes = encode({
      kind: 'request',
      id: 1,
      request: { kind: 'release-snapshot', sequence },
    });
    const message = decodeFromViewer(bytes);
    expect(message).toMatchObject({ request: { sequence } });
    // MessagePack's own 64-bit integer, as another writer would put it.
    const foreign = new Uint8Array([
      0x82,
      0xa4,
      ...Buffer.from('kind'),
      0xa6,
      ...Buffer.from('cancel'),
      0xa2,
      ...Buffer.from('id'),
      0xcf,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
    ]);
    expect(decodeFromViewer(foreign)).toEqual({ kind: 'cancel', id: 2 ** 40 });
  });
});

describe('a message that is none', () => {
  const nested = { kind: 'request', id: 1, request: { kind: 'scan', from: null, to: null } };

  it.each([
    ['a number', 5, 'message must be an object'],
    ['an unknown kind', { kind: 'explode' }, 'message.kind must be one of'],
    ['an inherited name as kind', { kind: 'toString' }, 'message.kind must be one of'],
    ['a missing field', nested, 'message.request.prefix must be bytes'],
    [
      'a text for a key',
      { kind: 'request', id: 1, request: { kind: 'get', key: 'a' } },
      'message.request.key must be bytes',
    ],
    ['a negative number', { kind: 'cancel', id: -1 }, 'message.id must be an integer from 0'],
    ['a fraction', { kind: 'cancel', id: 1.5 }, 'message.id must be an integer from 0'],
    [
      'a key above 1 MiB',
      { kind: 'request', id: 1, request: { kind: 'get', key: new Uint8Array(2 ** 20 + 1) } },
      'message.request.key has length 1048577, more than 1048576',
    ],
    [
      'a limit above the most',
      {
        kind: 'request',
        id: 1,
        request: { kind: 'scan', from: null, to: null, prefix: null, reverse: false, limit: 1e9 },
      },
      'message.request.limit must be an integer from 0 to 10000',
    ],
  ])('%s: INVALID_ARGUMENT names the field', (_name, value, expected) => {
    const decode = () => decodeFromViewer(pack(value));
    expect(decode).toThrow(LsmError);
    expect(decode).toThrow(expected);
  });

  it('any bytes give a message or INVALID_ARGUMENT', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(wrongError(() => decodeFromViewer(bytes))).toBeUndefined();
        expect(wrongError(() => decodeToViewer(bytes))).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('a cut message and one with a changed byte give a message or INVALID_ARGUMENT', () => {
    const at = fc.tuple(arbitraryOf(fromViewerSchema), fc.nat(), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(at, ([message, position, mask]) => {
        const bytes = encode(message);
        const cut = bytes.slice(0, position % bytes.length);
        expect(() => decodeFromViewer(cut)).toThrow(LsmError);
        bytes[position % bytes.length]! ^= mask;
        expect(wrongError(() => decodeFromViewer(bytes))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('of a request is known by its id, so that it can be refused', () => {
    expect(requestIdOf(pack({ kind: 'request', id: 7, request: { kind: 'explode' } }))).toBe(7);
    expect(requestIdOf(pack({ kind: 'request', id: -7 }))).toBeUndefined();
    expect(requestIdOf(pack({ kind: 'ack', id: 7 }))).toBeUndefined();
    expect(requestIdOf(new Uint8Array([0xc1]))).toBeUndefined();
  });

  it('deep nesting is refused, not followed', () => {
    const bytes = new Uint8Array(1_000_000).fill(0x91);
    expect(() => decodeFromViewer(bytes)).toThrow(LsmError);
  });

  it('a message longer than the most is refused unread', () => {
    expect(() => decodeFromViewer(new Uint8Array(FROM_VIEWER_SIZE_MAX + 1))).toThrow(/longer than/);
  });

  it('an event with a field missing is named', () => {
    expect(() => checkEvent({ kind: 'wal.rotate', number: 1, timeMicros: 0, from: 1 })).toThrow(
      'event.to must be an integer',
    );
  });
});

/** What a decoder threw, unless it was an `LsmError` of the right code. */
function wrongError(decode: () => unknown): unknown {
  try {
    decode();
    return undefined;
  } catch (thrown) {
    const right = thrown instanceof LsmError && thrown.code === 'INVALID_ARGUMENT';
    return right ? undefined : thrown;
  }
}
