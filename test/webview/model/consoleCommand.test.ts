import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../src/base/bytes.ts';
import { consoleCommand } from '../../../webview/model/consoleCommand.ts';

const bytes = encodeUtf8;

function requestOf(line: string): unknown {
  const command = consoleCommand(line);
  return 'request' in command ? command.request : command.problem;
}

describe('the console', () => {
  it('reads every command', () => {
    expect(requestOf('put user:1 Ada Lovelace')).toEqual({
      kind: 'put',
      key: bytes('user:1'),
      value: bytes('Ada Lovelace'),
      sync: false,
    });
    expect(requestOf('PUT --sync a b')).toMatchObject({ kind: 'put', sync: true });
    expect(requestOf('merge tags red --sync')).toEqual({
      kind: 'merge',
      key: bytes('tags'),
      operand: bytes('red'),
      sync: true,
    });
    expect(requestOf('merge tags')).toBe('It goes like this: merge KEY OPERAND');
    expect(requestOf('get user:1')).toEqual({ kind: 'get', key: bytes('user:1') });
    expect(requestOf('del "two words"')).toEqual({
      kind: 'delete',
      key: bytes('two words'),
      sync: false,
    });
    expect(requestOf('scan a b --limit 5 --reverse')).toEqual({
      kind: 'scan',
      from: bytes('a'),
      to: bytes('b'),
      prefix: null,
      reverse: true,
      limit: 5,
    });
    expect(requestOf('scan --prefix user:')).toMatchObject({ from: null, prefix: bytes('user:') });
    expect(requestOf('flush')).toEqual({ kind: 'flush' });
    expect(requestOf('compact')).toEqual({ kind: 'compact', from: null, to: null });
    expect(requestOf('snapshot')).toEqual({ kind: 'snapshot' });
    expect(requestOf('release #40')).toEqual({ kind: 'release-snapshot', sequence: 40 });
    expect(requestOf('get 0x00ff')).toEqual({ kind: 'get', key: new Uint8Array([0, 255]) });
  });

  it('says what is wrong', () => {
    expect(requestOf('')).toMatch(/put, merge, get/);
    expect(requestOf('putt a b')).toMatch(/“putt” is not known/);
    expect(requestOf('put a')).toBe('It goes like this: put KEY VALUE');
    expect(requestOf('get a b')).toMatch(/get "a b"/);
    expect(requestOf('put "a b')).toMatch(/not closed/);
    expect(requestOf('scan --limit 0')).toMatch(/--limit/);
  });

  it('brings back any key that was quoted', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (key) => {
        fc.pre(!key.includes('"') && !/^0x([0-9a-f]{2})+$/i.test(key) && !key.startsWith('--'));
        const command = consoleCommand(`get "${key}"`);
        const request = 'request' in command ? command.request : undefined;
        expect(request?.kind === 'get' ? decodeUtf8(request.key) : '').toBe(key);
      }),
    );
  });

  it('means the family whose tab is chosen, or the one that is named', () => {
    const familyOf = (line: string, shown?: string): unknown => {
      const command = consoleCommand(line, shown);
      const request = 'request' in command ? command.request : { kind: 'flush' as const };
      const what = request.kind === 'within' ? request.step : request;
      return 'family' in what ? what.family : undefined;
    };
    for (const line of [
      'put a b',
      'get a',
      'del a',
      'merge a b',
      'scan',
      '@1 put a b',
      '@1 scan',
    ]) {
      expect(familyOf(line), line).toBeUndefined();
      expect(familyOf(line, 'users'), line).toBe('users');
      expect(familyOf(`${line} --family orders`, 'users'), line).toBe('orders');
    }
    expect(familyOf('@1 del-range a b', 'users')).toBe('users');
    expect(familyOf('@1 commit', 'users')).toBeUndefined();
    expect(familyOf('flush', 'users')).toBeUndefined();
  });

  it('reads transactions: their beginning and every step', () => {
    expect(requestOf('begin')).toEqual({ kind: 'begin', isolation: 'serializable' });
    expect(requestOf('BEGIN Snapshot')).toEqual({ kind: 'begin', isolation: 'snapshot' });
    expect(requestOf('begin at once')).toMatch(/begin \[snapshot/);
    const stepOf = (line: string): unknown =>
      (requestOf(`@12 ${line}`) as { readonly step?: unknown }).step ?? requestOf(`@12 ${line}`);
    const key = bytes('a b');
    expect(requestOf('@12 put k v')).toMatchObject({ kind: 'within', transaction: 12 });
    expect(stepOf('put "a b" one two')).toEqual({ kind: 'put', key, value: bytes('one two') });
    expect(stepOf('merge "a b" 1')).toEqual({ kind: 'merge', key, operand: bytes('1') });
    expect(stepOf('get "a b"')).toEqual({ kind: 'get', key, forUpdate: false });
    expect(stepOf('get "a b" --for-update')).toEqual({ kind: 'get', key, forUpdate: true });
    expect(stepOf('del "a b"')).toEqual({ kind: 'delete', key });
    expect(stepOf('del-once "a b"')).toEqual({ kind: 'single-delete', key });
    expect(stepOf('del-range "a b" c')).toEqual({
      kind: 'delete-range',
      from: key,
      to: bytes('c'),
    });
    expect(stepOf('scan --reverse --limit 3')).toMatchObject({
      kind: 'scan',
      reverse: true,
      limit: 3,
    });
    expect(stepOf('savepoint')).toEqual({ kind: 'savepoint' });
    expect(stepOf('restore')).toEqual({ kind: 'restore' });
    expect(stepOf('rollback')).toEqual({ kind: 'rollback' });
    expect(stepOf('commit --sync')).toEqual({ kind: 'commit', sync: true });
    expect(stepOf('put a')).toBe('It goes like this: @1 put KEY VALUE');
    expect(stepOf('del-range a')).toBe('It goes like this: @1 del-range FROM TO');
    expect(stepOf('flush')).toMatch(/comes one of: put/);
    expect(stepOf('scan a b c')).toMatch(/It goes like this: scan/);
  });
});
