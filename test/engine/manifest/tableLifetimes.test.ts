import { describe, expect, test } from 'vitest';
import { TableLifetimes } from '../../../src/engine/manifest/tableLifetimes.ts';
import type { LeavingTable } from '../../../src/engine/manifest/tableLifetimes.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import { table } from '../tableFixture.ts';

const one = table(1, 'a', 'b');
const two = table(2, 'a', 'b');
const three = table(3, 'a', 'b');

const leaving = (...tables: readonly TableInfo[]): LeavingTable[] =>
  tables.map((left) => ({ family: 0, table: left }));

describe('table lifetimes', () => {
  test('give a table out once it has left and nobody reads it', () => {
    const lifetimes = new TableLifetimes();
    lifetimes.publish([one], []);
    expect(lifetimes.takeUnneeded()).toEqual([]);
    lifetimes.publish([two], leaving(one));
    expect(lifetimes.takeUnneeded()).toEqual([one]);
    expect(lifetimes.takeUnneeded()).toEqual([]);
  });

  test('keep a table for the reader that sees it, and only for that one', () => {
    const lifetimes = new TableLifetimes();
    lifetimes.publish([one], []);
    const early = lifetimes.retain();
    lifetimes.publish([two], []);
    lifetimes.publish([three], leaving(one, two));
    const late = lifetimes.retain();
    expect(lifetimes.takeUnneeded()).toEqual([two]);
    expect(lifetimes.ghosts(0)).toEqual([one]);
    expect(lifetimes.ghosts(1)).toEqual([]);
    lifetimes.release(early);
    expect(lifetimes.takeUnneeded()).toEqual([one]);
    lifetimes.release(late);
    expect(lifetimes.ghosts(0)).toEqual([]);
  });

  test('count several readers of one version', () => {
    const lifetimes = new TableLifetimes();
    lifetimes.publish([one], []);
    const first = lifetimes.retain();
    const second = lifetimes.retain();
    lifetimes.publish([], leaving(one));
    lifetimes.release(first);
    expect(lifetimes.takeUnneeded()).toEqual([]);
    lifetimes.release(second);
    expect(lifetimes.takeUnneeded()).toEqual([one]);
    expect(() => lifetimes.release(second)).toThrow(/no reader/);
  });
});
