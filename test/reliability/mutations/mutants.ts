// Mutants: the engine with one line turned, which some test must notice.
//
//   syncs        every statement that makes a file or a directory durable, left out
//   checksums    every comparison of a checksum, taken for true
//   drop rules   every comparison in the rules by which merges drop entries, turned
//
// They are found in the sources' syntax, so what is written tomorrow is mutated, too. Which sources
// there are, and which tests watch over them, says mutatedSources.ts.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { CHECKED_FILES, durableFiles, RULE_FILES } from './mutatedSources.ts';
import type { Watchers } from './mutatedSources.ts';

/** One change of one source file. */
export interface Mutant {
  /** Such as `src/engine/log/logWriter.ts:120:4`: file, line, column. */
  readonly id: string;
  readonly file: string;
  readonly kind: 'sync' | 'checksum' | 'drop rule';
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly watchers: Watchers;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const DURABLE_CALLS =
  /^(sync|syncDirectory|syncActive|syncNewNames|fsyncSync|endActive|end|settleLog|makeDurable)$/;
/** Syncs that tell their end to a function, which somebody waits for. */
const TELLING_CALLS = /^fdatasync$/;
const CHECKSUMS = /checksum|computed|crc|found (\+|!==)/i;
const TURNED: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
};

/** Every mutant of the sources as they are. */
export function allMutants(): Mutant[] {
  return [
    ...mutantsOf(durableFiles(), 'sync', (node, text) => durableStep(node, text)),
    ...mutantsOf(CHECKED_FILES, 'checksum', (node, text) => {
      if (!isEquation(node) || !CHECKSUMS.test(text(node))) return [];
      return [{ ...spanOf(node), replacement: String(node['operator'] === '===') }];
    }),
    ...mutantsOf(RULE_FILES, 'drop rule', (node) => {
      const turned = TURNED[String(node['operator'])];
      if (node.type !== 'BinaryExpression' || turned === undefined) return [];
      const [left, right] = [node['left'] as Node, node['right'] as Node];
      return [{ start: left.end, end: right.start, replacement: ` ${turned} ` }];
    }),
  ];
}

/** A source with a mutant's change in it. */
export function mutated(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

type Change = Pick<Mutant, 'start' | 'end' | 'replacement'>;
type TextOf = (node: Node) => string;

function mutantsOf(
  files: Readonly<Record<string, Watchers>>,
  kind: Mutant['kind'],
  changesAt: (node: Node, text: TextOf) => Change[],
): Mutant[] {
  return Object.entries(files).flatMap(([file, watchers]) => {
    const source = readFileSync(path.join(process.cwd(), file), 'utf8');
    const text: TextOf = (node) => source.slice(node.start, node.end);
    return nodesOf(parseSync(file, source).program as unknown as Node).flatMap((node) =>
      changesAt(node, text).map((change): Mutant => {
        return { ...change, id: `${file}:${placeOf(source, change.start)}`, file, kind, watchers };
      }),
    );
  });
}

/** `x.sync();` and its like, awaited or returned, without it. */
function durableStep(node: Node, text: TextOf): Change[] {
  if (node.type === 'CallExpression' && TELLING_CALLS.test(nameOf(node))) {
    const callee = node['callee'] as Node;
    return [{ ...spanOf(callee), replacement: '((_, told) => setImmediate(told, null))' }];
  }
  const isReturn = node.type === 'ReturnStatement';
  if (!isReturn && node.type !== 'ExpressionStatement') return [];
  const what = node[isReturn ? 'argument' : 'expression'] as Node | null;
  const call = what?.type === 'AwaitExpression' ? (what['argument'] as Node) : what;
  if (call?.type !== 'CallExpression' || !DURABLE_CALLS.test(nameOf(call))) return [];
  const lines = '\n'.repeat(text(node).split('\n').length - 1);
  return [{ ...spanOf(node), replacement: `${isReturn ? 'return' : ''};${lines}` }];
}

/** The name of the function or method that is called. */
function nameOf(call: Node): string {
  const callee = call['callee'] as Node;
  const named = callee.type === 'MemberExpression' ? (callee['property'] as Node) : callee;
  return String(named['name']);
}

/** Whether two values are asked whether they are equal, neither of which stands there as such. */
function isEquation(node: Node): boolean {
  if (node.type !== 'BinaryExpression') return false;
  if (node['operator'] !== '===' && node['operator'] !== '!==') return false;
  const sides = [node['left'] as Node, node['right'] as Node];
  return sides.every((side) => side.type !== 'Literal' && side['name'] !== 'undefined');
}

function spanOf({ start, end }: Node): Pick<Change, 'start' | 'end'> {
  return { start, end };
}

function nodesOf(node: Node): Node[] {
  const below = Object.values(node).flatMap((value) =>
    (Array.isArray(value) ? value : [value]).filter(isNode).flatMap(nodesOf),
  );
  return [node, ...below];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function placeOf(source: string, offset: number): string {
  const before = source.slice(0, offset).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}
