// Mutants: the engine with one line turned, which some test must notice.
//
//   syncs        every statement that makes a file or a directory durable, left out
//   checksums    every comparison of a checksum, taken for true
//   drop rules   every comparison in the rules by which merges drop entries, turned
//
// They are found in the sources' syntax, so what is written tomorrow is mutated, too.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

/** Test files that should notice, the quickest first. */
type Watchers = readonly string[];

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

const CRASHES: Watchers = [
  'test/reliability/crash/logs.test.ts',
  'test/reliability/crash/strategies.test.ts',
];

/** Files in which each durable step is left out, and what else watches over them. */
const DURABLE_FILES: Readonly<Record<string, Watchers>> = {
  'src/engine/log/logWriter.ts': ['test/engine/log', 'test/engine/wal', ...CRASHES],
  'src/engine/log/finishLog.ts': ['test/engine/faults.test.ts', ...CRASHES],
  'src/engine/manifest/currentFile.ts': CRASHES,
  'src/engine/manifest/manifestLog.ts': ['test/engine/faults.test.ts', ...CRASHES],
  'src/engine/write/rotation.ts': ['test/engine/write', ...CRASHES],
  'src/engine/table/tableWriter.ts': CRASHES,
  'src/engine/flush/flushJob.ts': CRASHES,
  'src/engine/compaction/mergeJob.ts': CRASHES,
  'src/engine/checkpoint/checkpoint.ts': ['test/engine/checkpoint', ...CRASHES],
  'src/engine/jobs/copyFile.ts': ['test/engine/checkpoint', 'test/engine/ingest', ...CRASHES],
  'src/engine/ingest/externalTable.ts': ['test/engine/ingest', ...CRASHES],
  'src/engine/ingest/ingest.ts': ['test/engine/ingest', ...CRASHES],
  'src/engine/db.ts': ['test/engine/write', ...CRASHES],
};
const DURABLE_CALLS = /^(sync|syncDirectory|syncActive|endActive|end|settleLog|makeDurable)$/;

const DAMAGE: Watchers = ['test/reliability/damage'];
const CHECKED_FILES: Readonly<Record<string, Watchers>> = {
  'src/engine/log/recordCheck.ts': ['test/engine/wal', ...DAMAGE],
  'src/engine/log/logReader.ts': ['test/engine/wal', ...DAMAGE],
  'src/engine/table/blockTrailer.ts': ['test/engine/table', ...DAMAGE],
  'src/engine/table/footer.ts': ['test/engine/table', ...DAMAGE],
};

const MERGES: Watchers = [
  'test/engine/compaction',
  'test/engine/rangeDelete',
  'test/model/store.test.ts',
];
const RULE_FILES: Readonly<Record<string, Watchers>> = {
  'src/engine/compaction/dropRules.ts': MERGES,
  'src/engine/compaction/snapshotStripes.ts': MERGES,
  'src/engine/compaction/rangeTombstoneMerge.ts': MERGES,
};
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
    ...mutantsOf(DURABLE_FILES, 'sync', (node, text) =>
      isDurableStep(node) ? [{ ...spanOf(node), replacement: blank(text, node) }] : [],
    ),
    ...mutantsOf(CHECKED_FILES, 'checksum', (node, text) => {
      if (node.type !== 'BinaryExpression' || !/checksum|computed|crc/i.test(text(node))) return [];
      if (node['operator'] !== '===' && node['operator'] !== '!==') return [];
      return [{ ...spanOf(node), replacement: String(node['operator'] === '===') }];
    }),
    ...mutantsOf(RULE_FILES, 'drop rule', (node, text) => {
      const turned = TURNED[String(node['operator'])];
      if (node.type !== 'BinaryExpression' || turned === undefined) return [];
      const [left, right] = [node['left'] as Node, node['right'] as Node];
      const between = { start: left.end, end: right.start };
      return [{ ...between, replacement: ` ${turned} ` }].filter(() => text(node) !== '');
    }),
  ];
}

/** A source with a mutant's change in it. */
export function mutated(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

type Change = Pick<Mutant, 'start' | 'end' | 'replacement'>;

function mutantsOf(
  files: Readonly<Record<string, Watchers>>,
  kind: Mutant['kind'],
  changesAt: (node: Node, text: (node: Node) => string) => Change[],
): Mutant[] {
  return Object.entries(files).flatMap(([file, watchers]) => {
    const source = readFileSync(path.join(process.cwd(), file), 'utf8');
    const text = (node: Node): string => source.slice(node.start, node.end);
    return nodesOf(parseSync(file, source).program as unknown as Node).flatMap((node) =>
      changesAt(node, text).map((change): Mutant => {
        return { ...change, id: `${file}:${placeOf(source, change.start)}`, file, kind, watchers };
      }),
    );
  });
}

/** `await x.sync();` and its like, as a statement. */
function isDurableStep(node: Node): boolean {
  if (node.type !== 'ExpressionStatement') return false;
  const awaited = node['expression'] as Node;
  if (awaited.type !== 'AwaitExpression') return false;
  const call = awaited['argument'] as Node;
  if (call.type !== 'CallExpression') return false;
  const callee = call['callee'] as Node;
  const named = callee.type === 'MemberExpression' ? (callee['property'] as Node) : callee;
  return DURABLE_CALLS.test(String(named['name']));
}

/** Nothing, in as many lines. */
function blank(text: (node: Node) => string, node: Node): string {
  return `;${'\n'.repeat(text(node).split('\n').length - 1)}`;
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
