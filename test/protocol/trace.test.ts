// Recordings: what was written comes back; a cut at any byte and any changed byte is noticed, and
// everything before it is recovered.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LsmError } from '../../src/base/errors.ts';
import { concatBytes, encodeUtf8 } from '../../src/base/bytes.ts';
import type { LsmEvent } from '../../src/protocol/events.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import { TRACE_KEYFRAME_INTERVAL } from '../../src/protocol/traceFormat.ts';
import type { Trace } from '../../src/protocol/traceReader.ts';
import { readTrace } from '../../src/protocol/traceReader.ts';
import { TraceWriter } from '../../src/protocol/traceWriter.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { ModelStore, runModel } from './modelStore.ts';

const HEADER = { title: 'a test', source: 'lsm-lens 0', createdMicros: 1_700_000_000_000_000 };

interface Recorded {
  readonly state: TreeState;
  readonly batches: readonly (readonly LsmEvent[])[];
  readonly bytes: Uint8Array;
  /** Where each batch's record ends. */
  readonly ends: readonly number[];
}

function recorded(steps: readonly number[] = [1, 2, 75, 3]): Recorded {
  const store = runModel(steps, () => undefined);
  const state = new ModelStore().describe();
  const batches: LsmEvent[][] = [];
  for (let at = 0; at < store.events.length; at += 4) batches.push(store.events.slice(at, at + 4));
  const writer = new TraceWriter(state);
  const pieces = [writer.begin(HEADER)];
  const ends: number[] = [];
  for (const batch of batches) {
    pieces.push(writer.append(batch, batch.length));
    ends.push(concatBytes(pieces).length);
  }
  pieces.push(writer.end());
  return { state, batches, bytes: concatBytes(pieces), ends };
}

function read(bytes: Uint8Array): Trace {
  return readTrace(bytes, 'x.lsmtrace');
}

/** A reading, or the code of the error that refused it; any other error fails the test. */
function outcome(bytes: Uint8Array): { trace?: Trace; refusal?: string } {
  try {
    return { trace: read(bytes) };
  } catch (thrown) {
    if (thrown instanceof LsmError) return { refusal: thrown.code };
    throw thrown;
  }
}

function eventsOf(trace: Trace | undefined): readonly (readonly LsmEvent[])[] {
  return trace?.batches.map((batch) => batch.events) ?? [];
}

describe('a recording', () => {
  it('brings back what was written', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 99 }), { maxLength: 40 }), (steps) => {
        const { state, batches, bytes } = recorded(steps);
        const trace = read(bytes);
        expect(trace.header).toEqual(HEADER);
        expect(trace.state).toEqual(state);
        expect(trace.batches.map((batch) => batch.events)).toEqual(batches);
        expect(trace.batches.map((batch) => batch.leftOut)).toEqual(
          batches.map(({ length }) => length),
        );
        expect(trace.events).toBe(batches.flat().length);
        expect(trace.cutShort).toBe('');
      }),
      { numRuns: 50 },
    );
  });

  it('has keyframes that are what the fold comes to', () => {
    const store = runModel(
      Array.from({ length: 6000 }, (_, index) => (index * 37) % 100),
      () => undefined,
    );
    const state = new ModelStore().describe();
    const writer = new TraceWriter(state);
    const pieces = [writer.begin(HEADER)];
    for (let at = 0; at < store.events.length; at += 100) {
      pieces.push(writer.append(store.events.slice(at, at + 100), 0));
    }
    const trace = read(concatBytes(pieces));
    expect(trace.keyframes.length).toBe(Math.floor(store.events.length / TRACE_KEYFRAME_INTERVAL));
    expect(trace.keyframes.length).toBeGreaterThan(2);
    for (const keyframe of trace.keyframes) {
      const before = trace.batches.slice(0, keyframe.batches).flatMap((batch) => batch.events);
      expect(keyframe.state).toEqual(before.reduce(reduce, state));
    }
  });

  it('cut at any byte gives what stands before the cut, and why it stopped', () => {
    const { batches, bytes, ends } = recorded();
    for (let length = 0; length < bytes.length; length++) {
      const { refusal, trace } = outcome(bytes.slice(0, length));
      const whole = ends.filter((end) => end <= length).length;
      const expected = length === 0 ? 'NOT_A_STORE' : 'CORRUPTION';
      expect(refusal ?? expected).toBe(expected);
      expect(eventsOf(trace)).toEqual(batches.slice(0, whole));
      expect(trace?.cutShort ?? 'reading stopped at byte 0: ').toMatch(
        /^reading stopped at byte \d+: /,
      );
    }
  });

  it('with any byte changed is refused or gives only what stands before that byte', () => {
    const { batches, bytes, ends } = recorded();
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [0x01, 0x80]) {
        const flipped = bytes.slice();
        flipped[at]! ^= mask;
        const { trace } = outcome(flipped);
        const whole = ends.filter((end) => end <= at).length;
        expect(trace?.cutShort).not.toBe('');
        expect(eventsOf(trace)).toEqual(batches.slice(0, whole));
      }
    }
  });

  it('with bytes after its end says so', () => {
    const { bytes } = recorded();
    const trace = read(concatBytes([bytes, new Uint8Array(3)]));
    expect(trace.cutShort).toContain('3 bytes follow the end');
  });

  it('that misses a batch in the middle says how many events are gone', () => {
    const { bytes, ends } = recorded();
    const trace = read(concatBytes([bytes.slice(0, ends[0]), bytes.slice(ends[1])]));
    expect(trace.cutShort).toContain('events were recorded');
  });
});

describe('a file that is no recording', () => {
  it.each([
    ['empty', new Uint8Array(0), 'NOT_A_STORE', 'no LSM Lens recording'],
    [
      'another kind of file',
      encodeUtf8('id,name\n1,one\n2,two'),
      'NOT_A_STORE',
      'no LSM Lens recording',
    ],
    [
      'of a newer format',
      new Uint8Array([...encodeUtf8('LSMTRACE'), 9, 0, 0, 0]),
      'NOT_SUPPORTED',
      'recording format 9',
    ],
  ])('%s is refused by name', (_what, bytes, code, message) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code }));
    expect(() => read(bytes)).toThrow(message);
    expect(() => read(bytes)).toThrow('x.lsmtrace');
  });

  it('any bytes are read or refused, never more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (tail) => {
        const bytes = concatBytes([encodeUtf8('LSMTRACE'), new Uint8Array([1, 0, 0, 0]), tail]);
        expect(() => read(bytes)).toThrow(LsmError);
      }),
    );
  });
});
