// Notes through the ring, whatever their lengths and however seldom they are read.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteRing, RING_WORDS } from '../../../src/engine/jobs/threads/byteRing.ts';
import { ChannelSink } from '../../../src/engine/jobs/threads/channelSink.ts';
import { JobChannel } from '../../../src/engine/jobs/threads/jobChannel.ts';
import { encodeNote, NoteReader } from '../../../src/engine/jobs/threads/jobNotes.ts';
import type { JobNote } from '../../../src/engine/jobs/threads/jobNotes.ts';
import { RecordingSink } from '../recordingSink.ts';

function noteOf(text: string): JobNote {
  const error = { code: 'IO', message: text, file: '', offset: -1 } as const;
  return { progress: null, event: { kind: 'error', ...error }, gate: false };
}

test('every note comes out whole, in order, through a ring smaller than many of them', () => {
  const texts = fc.array(fc.string({ maxLength: 200 }), { maxLength: 30 });
  fc.assert(
    fc.property(texts, fc.nat(5), fc.integer(), (sent, patience, count) => {
      const counts = new Int32Array(new SharedArrayBuffer(RING_WORDS * 4)).fill(count);
      const ring = new ByteRing(counts, new Uint8Array(new SharedArrayBuffer(128)));
      const reader = new NoteReader();
      const received: JobNote[] = [];
      const read = (): void => void received.push(...reader.take(ring.read()));
      for (const [index, text] of sent.entries()) {
        ring.write(encodeNote(noteOf(text)), read);
        if (index % (patience + 1) === 0) read();
      }
      read();
      expect(received).toEqual(sent.map(noteOf));
      expect(ring.freeBytes).toBe(128);
    }),
  );
});

test('live, single entries are left out while the ring is half full; nothing else is', () => {
  const channel = new JobChannel();
  const viewers = new RecordingSink();
  channel.listenAs(viewers);
  let told = 0;
  const sink = new ChannelSink(channel, () => told++);
  expect([sink.structural, sink.read, sink.entry, sink.gate]).toEqual([true, true, true, null]);
  sink.emit(noteOf('x'.repeat(200_000)).event!);
  expect([sink.structural, sink.read, sink.entry]).toEqual([true, false, false]);
  expect(told).toBe(1);
  viewers.gate = () => Promise.resolve();
  channel.listenAs(viewers);
  expect([sink.structural, sink.read, sink.entry]).toEqual([true, true, true]);
  expect(sink.gate).not.toBeNull();
});

test('how far a job is comes with the next event, in one note', () => {
  const channel = new JobChannel();
  const sink = new ChannelSink(channel, () => undefined);
  const notes = (): JobNote[] => [...new NoteReader().take(channel.ring.read())];
  sink.note({ entriesDone: 1, bytesWritten: 10 });
  sink.note({ entriesDone: 2, bytesWritten: 20 });
  expect(notes()).toEqual([]);
  sink.emit(noteOf('event').event!);
  const progress = { entriesDone: 2, bytesWritten: 20 };
  expect(notes()).toEqual([{ ...noteOf('event'), progress }]);
  sink.sendProgress();
  expect(notes()).toEqual([]);
  sink.note(progress);
  sink.sendProgress();
  expect(notes()).toEqual([{ progress, event: null, gate: false }]);
});
