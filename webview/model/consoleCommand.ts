// What is typed into the console, as a request. Words are separated by blanks; quotes keep them
// together; `0x…` is bytes in hexadecimal, the way keys that are no text are shown.
//
//     put KEY VALUE [--sync] · merge KEY OPERAND [--sync] · get KEY · del KEY [--sync]
//     scan [FROM] [TO] [--prefix P] [--reverse] [--limit N] · flush · compact [FROM] [TO]
//     snapshot · release SEQUENCE

import { decodeHex, encodeUtf8 } from '../../src/base/bytes.ts';
import type { Request } from '../../src/protocol/messages.ts';

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
};

/** Reads one line of the console. */
export function consoleCommand(line: string): ConsoleCommand {
  const words = wordsOf(line);
  if (words === undefined) return { problem: 'A quotation mark is not closed.' };
  const [verb = '', ...rest] = words;
  const options = new Map<string, string>();
  const plain = takeOptions(rest, options);
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

function missing(verb: string): ConsoleCommand {
  return { problem: `It goes like this: ${USAGE[verb] ?? verb}` };
}

function unknown(verb: string): string {
  const known = 'put, merge, get, del, scan, flush, compact, snapshot, release';
  return verb === ''
    ? `Type one of: ${known}.`
    : `“${verb}” is not known here. Try one of: ${known}.`;
}

/** Options that take a word; the others are switches. */
const WITH_WORD: ReadonlySet<string> = new Set(['prefix', 'limit']);
const SWITCHES: ReadonlySet<string> = new Set(['sync', 'reverse']);

function takeOptions(words: readonly string[], options: Map<string, string>): readonly string[] {
  const plain: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const name = word.slice(2);
    if (word.startsWith('--') && WITH_WORD.has(name)) options.set(name, words[++at] ?? '');
    else if (word.startsWith('--') && SWITCHES.has(name)) options.set(name, '');
    else plain.push(word);
  }
  return plain;
}

function optional(word: string | undefined): Uint8Array | null {
  return word === undefined || word === '' ? null : bytesOf(word);
}

/** UTF-8 of a word, or the bytes that `0x…` spells. */
function bytesOf(word: string): Uint8Array {
  return /^0x(?:[0-9a-f]{2})+$/i.test(word) ? decodeHex(word.slice(2)) : encodeUtf8(word);
}

/** Splits at blanks outside of quotes; `undefined` when a quote stays open. */
function wordsOf(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const character of line) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else word = (word ?? '') + character;
    } else if ((character === '"' || character === "'") && word === undefined) {
      quote = character;
      word = '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
