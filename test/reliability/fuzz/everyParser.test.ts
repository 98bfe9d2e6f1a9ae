// Whoever writes a parser of bytes from outside has it fuzzed: each is reached by what the fuzzer
// begins with, or stands below with the reason why not.

// First of all: it counts what is loaded after it.
import { takeRan } from './coverage.ts';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { readCorpus } from './corpus.ts';
import { outcomeOf } from './fuzzRun.ts';
import { PARSERS } from './parsers.ts';

/** Where bytes from outside are parsed. */
const ROOMS = ['base', 'engine', 'protocol', 'readers', 'node/lockFile.ts', 'session/importing'];
const FUNCTIONS = /^(decode|parse|read|unpack|uncompress|decompress)[A-Z]/;
const CLASSES = /(Reader|Cursor|Decoder|Parser|Filter|Block|Index)$/;

const EXCUSED: Readonly<Record<string, string>> = {
  'src/base/mergeOperators/builtInOperators.ts decodeUint64': "of a value in the caller's hand",
  'src/engine/jobs/threads/jobNotes.ts NoteReader': 'of a thread of ours, through memory',
  'src/session/importing/copyEntries.ts readBack': 'reads a store of ours that was just written',
};

test('every parser of bytes from outside is fuzzed', async () => {
  for (const { name, seeds, read } of PARSERS) {
    for (const input of [...seeds, ...readCorpus(name)]) await outcomeOf(read, input);
  }
  const reached = reachedNames();
  const declared = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .filter((name) => ROOMS.some((room) => name.startsWith(room)))
    .flatMap((name) => parsersIn(`src/${name}`));

  expect(declared.length).toBeGreaterThan(120);
  expect(declared.filter((parser) => !reached.has(parser)).sort()).toEqual(
    Object.keys(EXCUSED).sort(),
  );
});

/** Files and names of the functions that ran. */
function reachedNames(): Set<string> {
  const ran = takeRan((url) => url.includes('/src/'));
  return new Set(
    ran.flatMap(({ url, functions }) => {
      const file = path.relative(process.cwd(), url.replace(/^file:\/\//, ''));
      return functions
        .filter(({ ranges }) => ranges[0]!.count > 0)
        .map(({ functionName }) => `${file.replaceAll('\\', '/')} ${functionName}`);
    }),
  );
}

/** File and name of each function and class that parses. */
function parsersIn(file: string): string[] {
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  return program.body.flatMap((node) => {
    const declared = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
    const isParser =
      (declared?.type === 'FunctionDeclaration' && FUNCTIONS.test(declared.id!.name)) ||
      (declared?.type === 'ClassDeclaration' && CLASSES.test(declared.id!.name));
    return isParser ? [`${file} ${declared.id!.name}`] : [];
  });
}
