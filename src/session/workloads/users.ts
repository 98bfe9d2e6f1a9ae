// The seed's usage example, step by step: users are inserted, one is read, a range is scanned, one
// is updated and then deleted, the deletion is verified, and the store's figures are told.

import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import { numberedKey } from './numberedKey.ts';
import type { Workload } from './operation.ts';

/** Users between two lines of progress. */
const TELL_EVERY = 100;
/** Steps after the inserts: read, scan, update, delete, verify. */
const STEPS_AFTER_INSERTS = 5;

/** Operations on the store in all. */
export function userOperations(users: number): number {
  return users + STEPS_AFTER_INSERTS;
}

/**
 * @param users how many; the example has 1 000, and reads number 500 and the range from 100 to 110.
 * @param startMicros stands in the records as the moment at which the first was made.
 * @throws LsmError `CORRUPTION` when the store does not give back what was written.
 */
export function* usersWorkload(users: number, startMicros: number): Workload {
  const keyOf = (user: number): Uint8Array => numberedKey('user:', user, 4);
  yield { kind: 'say', message: `Inserting ${users} records` };
  for (let user = 0; user < users; user++) {
    const createdAt = new Date(startMicros / 1000 + user).toISOString();
    const value = userRecord(`User ${user}`, `user${user}@example.com`, { created_at: createdAt });
    yield { kind: 'put', key: keyOf(user), value };
    if (user % TELL_EVERY === 0) yield { kind: 'say', message: `Inserted ${user + 1} records` };
  }

  const one = Math.floor(users / 2);
  const oneName = decodeUtf8(keyOf(one));
  const found = (yield { kind: 'get', key: keyOf(one) }).value;
  if (found === undefined) throw wrong(`${oneName} was written and is not there`);
  yield { kind: 'say', message: `Found user: ${nameIn(found)}` };

  const first = Math.floor(users / 10);
  const range = { from: keyOf(first), to: keyOf(first + 10) };
  const { entries = [] } = yield { kind: 'scan', ...range, limit: 100 };
  const names = entries.map(([key, value]) => `${decodeUtf8(key)} → ${nameIn(value)}`);
  yield { kind: 'say', message: `Range scan: ${names.join(', ')}` };

  const updatedAt = new Date(startMicros / 1000 + users).toISOString();
  const update = { updated_at: updatedAt };
  const value = userRecord(`Updated User ${one}`, 'updated@example.com', update);
  yield { kind: 'put', key: keyOf(one), value };
  yield { kind: 'say', message: `Updated ${oneName}` };

  yield { kind: 'delete', key: keyOf(one) };
  const deleted = (yield { kind: 'get', key: keyOf(one) }).value;
  if (deleted !== undefined) throw wrong(`${oneName} was deleted and is still there`);
  yield { kind: 'say', message: `Deleted ${oneName}: a read finds it no more` };

  const { text = '' } = yield { kind: 'summary' };
  yield { kind: 'say', message: `Final statistics: ${text}` };
}

function userRecord(name: string, email: string, moment: Record<string, string>): Uint8Array {
  return encodeUtf8(JSON.stringify({ name, email, ...moment }));
}

function nameIn(value: Uint8Array): string {
  const record = JSON.parse(decodeUtf8(value)) as { readonly name: string };
  return record.name;
}

function wrong(message: string): LsmError {
  return new LsmError('CORRUPTION', message);
}
