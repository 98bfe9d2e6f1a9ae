// What --help documents, and how wrong usage ends.

import { describe, expect, test } from 'vitest';
import { prepareProgram, run } from './program.ts';

const place = prepareProgram();

const COMMANDS = [
  'open',
  'import',
  'copy',
  'get',
  'put',
  'delete',
  'merge',
  'scan',
  'inspect',
  'verify',
  'stats',
  'history',
  'follow',
  'compact',
  'checkpoint',
  'repair',
  'bench',
] as const;

describe('help', () => {
  test('lists every command with an example, and the exit codes', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of COMMANDS) expect(stdout).toContain(`  lsm-lens ${command}`);
    expect(stdout).toContain('Exit codes: 0 good, 1 the store has a problem, 2 wrong usage.');
  });

  test.each(COMMANDS)('of %s tells about --json and gives an example', async (command) => {
    const { code, stdout } = await run(command, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--json');
    expect(stdout).toMatch(new RegExp(`Examples?:\\n {2}lsm-lens ${command}\\b`));
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(106);
  });

  test('--version is the package version', async () => {
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('wrong usage ends with 2 and one line', () => {
  test.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['get', 'DIR', 'key', '--frobnicate']],
    ['a missing argument', ['get', 'DIR']],
    ['one argument too many', ['stats', 'DIR', 'more']],
    ['a missing value', ['put', 'DIR', 'key']],
    ['a value given twice', ['put', 'DIR', 'key', 'value', '--value-file', 'file']],
    ['a merge without an operand', ['merge', 'DIR', 'key']],
    ['an operand given twice', ['merge', 'DIR', 'key', 'text', '--number', '1']],
    ['an operand that is no number', ['merge', 'DIR', 'key', '--number', '1.5']],
    ['a key that is not hexadecimal', ['get', 'DIR', 'xyz', '--hex']],
    ['half a byte', ['get', 'DIR', 'abc', '--hex']],
    ['a limit that is no number', ['scan', 'DIR', '--limit', 'many']],
    ['a negative limit', ['scan', 'DIR', '--limit', '-1']],
    ['a size that is no size', ['put', 'DIR', 'k', 'v', '--memtable-size', 'huge']],
    ['a memtable too small', ['put', 'DIR', 'k', 'v', '--memtable-size', '1']],
    ['a port out of range', ['open', 'DIR', '--port', '65536']],
    ['import without a key', ['import', 'file.csv', '--into', 'DIR']],
    ['import without a store', ['import', 'file.csv', '--key', 'id']],
    ['a format that cannot be told', ['import', 'file', '--into', 'DIR', '--key', 'id']],
    ['an unknown format', ['import', 'f', '--into', 'DIR', '--key', 'id', '--format', 'xml']],
    ['an unknown strategy', ['open', 'DIR', '--compaction', 'magic']],
  ])('%s', async (_what, args) => {
    const directory = place.fresh();
    const given = args.map((arg) => (arg === 'DIR' ? directory : arg));
    const { code, stdout, stderr } = await run(...given, '--json');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^lsm-lens: .+\n$/);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: expect.stringMatching(/^(USAGE|INVALID_ARGUMENT)$/) as string },
    });
  });

  test('without --json there is nothing on stdout', async () => {
    expect(await run('get', place.fresh(), '--frobnicate')).toEqual({
      code: 2,
      stdout: '',
      stderr: "lsm-lens: unknown option '--frobnicate'; see lsm-lens --help\n",
    });
  });

  test('no command at all prints the help on stderr', async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: lsm-lens');
  });
});
