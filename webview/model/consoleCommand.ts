// What is typed into the console, as a request.
//
//     put KEY VALUE [--sync] · merge KEY OPERAND [--sync] · get KEY · del KEY [--sync]
//     scan [FROM] [TO] [--prefix P] [--reverse] [--limit N] · flush · compact [FROM] [TO]
//     any of put, merge, get, del and scan with --family NAME
//     snapshot · release SEQUENCE · begin [snapshot|serializable] · @1 … (transactionCommand.ts)

import type { Request, TransactionStep } from '../../src/protocol/messages.ts';
import { bytesOf, optional, takeOptions, wordsOf } from './consoleWords.ts';
import { isolationOf, transactionNumber, transactionStep } from './transactionCommand.ts';

/** A request, or a sentence that says what is wrong with what was typed. */
export type ConsoleCommand = { readonly request: Request } | { readonly problem: string };

/** Entries a scan shows unless `--limit` says otherwise. */
const SCAN_LIMIT = 100;
const SCAN_LIMIT_MAX = 10_000;

/** What `put`, `get` and the others need, said when it is missing. */
const USAGE: Readonly<Record<string, string>> = {
  put: 'put KEY VALUE',
  merge: 'merge KEY OPERAND',
  get: 'get KEY',
  del: 'del KEY',
  delete: 'delete KEY',
  scan: 'scan [FROM] [TO]',
  compact: 'compact [FROM] [TO]',
  release: 'release SEQUENCE',
  begin: 'begin [snapshot|serializable]',
};

/**
 * Reads one line of the console.
 * @param family name of the column family that is meant unless the line names one; empty: the
 * default one.
 */
export function consoleCommand(line: string, family = ''): ConsoleCommand {
  const words = wordsOf(line);
  if (words === undefined) return { problem: 'A quotation mark is not closed.' };
  const [verb = '', ...rest] = words;
  const options = new Map<string, string>();
  const plain = takeOptions(rest, options);
  const transaction = transactionNumber(verb);
  if (transaction !== undefined) {
    const read = transactionStep(plain, options, (words) => scan(words, options));
    if ('problem' in read) return read;
    const step = inFamily(read.step, options.get('family') ?? family);
    return { request: { kind: 'within', transaction, step } };
  }
  const command = plainCommand(verb, plain, options);
  if ('problem' in command) return command;
  return { request: inFamily(command.request, options.get('family') ?? family) };
}

/** What can be said of another column family than the default one. */
const OF_FAMILIES: ReadonlySet<string> = new Set([
  'put',
  'merge',
  'get',
  'delete',
  'single-delete',
  'delete-range',
  'scan',
]);

function inFamily<T extends Request | TransactionStep>(what: T, family: string): T {
  return family === '' || !OF_FAMILIES.has(what.kind) ? what : { ...what, family };
}

function plainCommand(
  verb: string,
  plain: readonly string[],
  options: ReadonlyMap<string, string>,
): ConsoleCommand {
  const sync = options.has('sync');
  switch (verb.toLowerCase()) {
    case 'put':
      return withValue('put', plain, (key, value) => ({ kind: 'put', key, value, sync }));
    case 'merge':
      return withValue('merge', plain, (key, operand) => ({ kind: 'merge', key, operand, sync }));
    case 'get':
      return withKey('get', plain, (key) => ({ kind: 'get', key }));
    case 'del':
    case 'delete':
      return withKey('del', plain, (key) => ({ kind: 'delete', key, sync }));
    case 'scan':
      return scan(plain, options);
    case 'flush':
      return { request: { kind: 'flush' } };
    case 'compact':
      return { request: { kind: 'compact', from: optional(plain[0]), to: optional(plain[1]) } };
    case 'snapshot':
      return { request: { kind: 'snapshot' } };
    case 'release':
      return release(plain);
    case 'begin':
      return begin(plain);
    default:
      return { problem: unknown(verb) };
  }
}

function withValue(
  verb: string,
  words: readonly string[],
  request: (key: Uint8Array, value: Uint8Array) => Request,
): ConsoleCommand {
  const [key, ...value] = words;
  if (key === undefined || value.length === 0) return missing(verb);
  return { request: request(bytesOf(key), bytesOf(value.join(' '))) };
}

function withKey(
  verb: string,
  words: readonly string[],
  request: (key: Uint8Array) => Request,
): ConsoleCommand {
  const [key, ...more] = words;
  if (key === undefined) return missing(verb);
  if (more.length > 0)
    return {
      problem: `One key at a time; a key with blanks needs quotes: ${verb} "${words.join(' ')}"`,
    };
  return { request: request(bytesOf(key)) };
}

function scan(words: readonly string[], options: ReadonlyMap<string, string>): ConsoleCommand {
  if (words.length > 2) return missing('scan');
  const limit = Number(options.get('limit') ?? SCAN_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > SCAN_LIMIT_MAX) {
    return { problem: `--limit takes a whole number from 1 to ${SCAN_LIMIT_MAX}.` };
  }
  return {
    request: {
      kind: 'scan',
      from: optional(words[0]),
      to: optional(words[1]),
      prefix: optional(options.get('prefix')),
      reverse: options.has('reverse'),
      limit,
    },
  };
}

function release(words: readonly string[]): ConsoleCommand {
  const sequence = Number(words[0]?.replace(/^#/, ''));
  if (!Number.isSafeInteger(sequence) || sequence < 0) return missing('release');
  return { request: { kind: 'release-snapshot', sequence } };
}

function begin([word, ...more]: readonly string[]): ConsoleCommand {
  const isolation = isolationOf(word);
  if (isolation === undefined || more.length > 0) return missing('begin');
  return { request: { kind: 'begin', isolation } };
}

function missing(verb: string): ConsoleCommand {
  return { problem: `It goes like this: ${USAGE[verb] ?? verb}` };
}

function unknown(verb: string): string {
  const known = 'put, merge, get, del, scan, flush, compact, snapshot, release, begin';
  return verb === ''
    ? `Type one of: ${known}.`
    : `“${verb}” is not known here. Try one of: ${known}.`;
}
