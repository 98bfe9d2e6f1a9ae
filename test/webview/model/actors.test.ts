import { expect, test } from 'vitest';
import { recentOf } from '../../../webview/model/actors.ts';
import { Timeline } from '../../../webview/model/timeline.ts';
import { recordStore } from '../support/recordedStore.ts';

const store = await recordStore({ operations: 700 });
const timeline = new Timeline(store.initial);
timeline.append(store.events);

function lastIndexOf(kind: string): number {
  return store.events.findLastIndex((event) => event.kind === kind);
}

test('the end of a put remembers the whole put and nothing else', () => {
  const kinds = recentOf(timeline, lastIndexOf('write.end')).map((event) => event.kind);
  expect(kinds).toEqual(['write.begin', 'write.group', 'wal.append', 'memtable.insert']);
});

test('the end of a get remembers every place that was asked', () => {
  const recent = recentOf(timeline, lastIndexOf('get.end'));
  const end = store.events[lastIndexOf('get.end')]!;
  expect(recent[0]?.kind).toBe('get.begin');
  for (const event of recent) {
    expect('operation' in event && 'operation' in end && event.operation === end.operation).toBe(
      true,
    );
  }
});

test('a merge remembers its pick', () => {
  const recent = recentOf(timeline, lastIndexOf('compaction.end'));
  expect(recent[0]?.kind).toBe('compaction.pick');
  expect(recent.every((event) => 'job' in event)).toBe(true);
});
