// The command line's entry: names the commands and turns how they end into an exit code.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { addBench } from './commands/bench.ts';
import { addCheckpoint } from './commands/checkpoint.ts';
import { addCompact } from './commands/compact.ts';
import { addCopy } from './commands/copy.ts';
import { addGet } from './commands/get.ts';
import { addHistory } from './commands/history.ts';
import { addImport } from './commands/importRecords.ts';
import { addInspect } from './commands/inspect.ts';
import { addMerge } from './commands/merge.ts';
import { addOpen } from './commands/open.ts';
import { addDelete, addPut } from './commands/put.ts';
import { addRepair } from './commands/repair.ts';
import { addScan } from './commands/scan.ts';
import { addStats } from './commands/stats.ts';
import { addVerify } from './commands/verify.ts';
import { reportFault } from './outcome.ts';
import { watchOutput } from './output.ts';

const GENERAL_HELP = `
Every command takes --json and has its own --help with the shape of its output.

Keys and values on the command line are UTF-8 text, or hexadecimal digits with --hex.

get, scan, inspect, verify, stats, history and follow take no lock and write nothing, also while
another process has the store open; they work on directories of LevelDB and RocksDB too. put,
delete, merge, import, copy, compact, checkpoint and open hold the store's lock while they run.

Exit codes: 0 good, 1 the store has a problem, 2 wrong usage. A fault is one line on stderr; with
--json also {"error": {"code", "message", "file", "offset"}} on stdout. A missing key is no fault.

Examples:
  lsm-lens open                                      the visualizer on a demo store
  lsm-lens open ./data --no-open --port 8080         on a directory; only print the address
  lsm-lens open run.lsmtrace                         a recorded trace
  lsm-lens import cities.tsv --into ./data --key id  load a file
  lsm-lens copy ./leveldb --into ./data              a copy of another engine's directory
  lsm-lens put ./data user:0042 '{"name":"Ada"}'     write
  lsm-lens get ./data user:0042 --json               read
  lsm-lens delete ./data user:0042                   delete
  lsm-lens merge ./data visits --number 1            add to what is there
  lsm-lens scan ./data --prefix user: --limit 10     list
  lsm-lens scan ./data --digest --json               count and hash everything
  lsm-lens inspect ./data --json                     levels and files
  lsm-lens verify ./data                             check every byte
  lsm-lens stats ./data                              sizes and amplification
  lsm-lens history ./leveldb                         how another engine's tree came to be
  lsm-lens follow ./leveldb                          what another process does to it
  lsm-lens compact ./data                            merge down
  lsm-lens checkpoint ./data ./backup                a second store, linked
  lsm-lens repair ./data --into ./rescued            save what can be read
  lsm-lens bench --operations 200000                 measure this machine`;

function buildProgram(): Command {
  const program = new Command('lsm-lens')
    .description('See inside an LSM tree, and work with its directory from the command line.')
    .version(version())
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    // Faults are reported in one place, in one line: outcome.ts.
    .configureOutput({ outputError: () => {} })
    .addHelpText('after', GENERAL_HELP);
  addOpen(program);
  addImport(program);
  addCopy(program);
  addGet(program);
  addPut(program);
  addDelete(program);
  addMerge(program);
  addScan(program);
  addInspect(program);
  addVerify(program);
  addStats(program);
  addHistory(program);
  addCompact(program);
  addCheckpoint(program);
  addRepair(program);
  addBench(program);
  return program;
}

/** The package's version: its package.json lies beside the folder of the bundles. */
function version(): string {
  const text = readFileSync(path.join(__dirname, '../package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

async function main(): Promise<void> {
  watchOutput();
  try {
    await buildProgram().parseAsync(process.argv);
  } catch (error) {
    process.exitCode = reportFault(error, process.argv.includes('--json'));
  }
}

void main();
