import { expect, test } from 'vitest';
import { decodeToViewer, encode } from '../../../src/protocol/codec.ts';
import { Lens } from '../../../webview/model/lens.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages.ts';
import { recordStore } from '../support/recordedStore.ts';

const store = await recordStore({ operations: 500 });

test('no key in the state keeps the message alive that it came in', () => {
  const lens = new Lens([], () => {});
  const status = { mode: 'live', recording: false, running: '', readOnlyBecause: '' } as const;
  const hello = { protocolVersion: PROTOCOL_VERSION, state: store.initial, status, trace: null };
  const tell = (message: Parameters<typeof encode>[0]): void => {
    const told = decodeToViewer(encode(message));
    if (told.kind === 'hello' || told.kind === 'batch') lens.hear(told);
  };
  tell({ kind: 'hello', hello });
  tell({ kind: 'batch', events: store.events, leftOut: 0, batch: 1 });
  const family = lens.timeline.head.families[0]!;
  const tables = [...family.levels.flatMap((level) => level.tables), ...family.ghosts];
  const keys = tables.flatMap((table) => [table.smallestKey, table.largestKey]);
  keys.push(...family.memtable.nodes.map((node) => node.key));
  expect(keys.length).toBeGreaterThan(10);
  for (const key of keys) expect(key.buffer.byteLength).toBe(key.length);
});
