// What is typed into the console for a transaction: which one, and its next step.
//
//     @1 put KEY VALUE · @1 merge KEY OPERAND · @1 get KEY [--for-update] · @1 del KEY
//     @1 del-once KEY · @1 del-range FROM TO · @1 scan [FROM] [TO] …
//     each of these with --family NAME
//     @1 savepoint · @1 restore · @1 commit [--sync] · @1 rollback

import type { Request, TransactionStep } from '../../src/protocol/messages.ts';
import { bytesOf } from './consoleWords.ts';

type Step = { readonly step: TransactionStep } | { readonly problem: string };
type ScanRequest = Extract<Request, { readonly kind: 'scan' }>;

/** Verbs of a transaction, for who asks what there is. */
const VERBS =
  'put, merge, get, del, del-once, del-range, scan, savepoint, restore, commit, rollback';

/** The isolation that `begin` asks for; serializable when nothing is said. */
export function isolationOf(word: string | undefined): 'snapshot' | 'serializable' | undefined {
  if (word === undefined) return 'serializable';
  const known = word.toLowerCase();
  return known === 'snapshot' || known === 'serializable' ? known : undefined;
}

/** Number in `@1`; `undefined` when the word is none. */
export function transactionNumber(word: string): number | undefined {
  return /^@\d{1,9}$/.test(word) ? Number(word.slice(1)) : undefined;
}

/**
 * Reads what follows `@1`.
 * @param scan reads the words of a scan, as they go outside of a transaction.
 */
export function transactionStep(
  words: readonly string[],
  options: ReadonlyMap<string, string>,
  scan: (words: readonly string[]) => { readonly request: Request } | { readonly problem: string },
): Step {
  const [verb = '', ...plain] = words;
  const [first, ...rest] = plain;
  switch (verb.toLowerCase()) {
    case 'put':
      return withValue('put', plain, (key, value) => ({ kind: 'put', key, value }));
    case 'merge':
      return withValue('merge', plain, (key, operand) => ({ kind: 'merge', key, operand }));
    case 'get':
      return withKey('get', plain, (key) => {
        return { kind: 'get', key, forUpdate: options.has('for-update') };
      });
    case 'del':
    case 'delete':
      return withKey('del', plain, (key) => ({ kind: 'delete', key }));
    case 'del-once':
      return withKey('del-once', plain, (key) => ({ kind: 'single-delete', key }));
    case 'del-range':
      return first === undefined || rest.length !== 1
        ? usage('del-range FROM TO')
        : { step: { kind: 'delete-range', from: bytesOf(first), to: bytesOf(rest[0] ?? '') } };
    case 'scan': {
      const read = scan(plain);
      return 'problem' in read ? read : { step: read.request as ScanRequest };
    }
    case 'savepoint':
    case 'restore':
    case 'rollback':
      return { step: { kind: verb.toLowerCase() as 'savepoint' | 'restore' | 'rollback' } };
    case 'commit':
      return { step: { kind: 'commit', sync: options.has('sync') } };
    default:
      return { problem: `After the transaction's number comes one of: ${VERBS}.` };
  }
}

function withValue(
  verb: string,
  [key, ...value]: readonly string[],
  step: (key: Uint8Array, value: Uint8Array) => TransactionStep,
): Step {
  if (key === undefined || value.length === 0) return usage(`${verb} KEY VALUE`);
  return { step: step(bytesOf(key), bytesOf(value.join(' '))) };
}

function withKey(
  verb: string,
  [key, ...more]: readonly string[],
  step: (key: Uint8Array) => TransactionStep,
): Step {
  return key === undefined || more.length > 0 ? usage(`${verb} KEY`) : { step: step(bytesOf(key)) };
}

function usage(words: string): Step {
  return { problem: `It goes like this: @1 ${words}` };
}
