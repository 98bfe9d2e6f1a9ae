// Counts what passed and failed over the steps of a test run, and says so in its last line.

import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runTool } from './child.mjs';
import { root } from './paths.mjs';

export class Tally {
  passed = 0;
  failed = 0;
  /** @type {string[]} One line for each skipped test, with its reason. */
  skips = [];
  /** @type {string[]} What failed, for the summary. */
  failures = [];

  /**
   * Runs one step and counts it as one.
   *
   * @param {string} name
   * @param {() => Promise<number | void>} step Gives an exit code, or throws with one line.
   * @returns {Promise<boolean>} Whether it passed.
   */
  async step(name, step) {
    console.log(`\n── ${name}`);
    const code = await step().catch((/** @type {unknown} */ error) => {
      console.error(error instanceof Error ? error.message : error);
      return 1;
    });
    const passed = code === undefined || code === 0;
    if (passed) this.passed++;
    else this.fail(name);
    return passed;
  }

  /**
   * Runs one project of the vitest configuration and counts each test in it.
   *
   * @param {string} project
   * @param {NodeJS.ProcessEnv} [env]
   */
  async tests(project, env = {}) {
    console.log(`\n── ${project} tests`);
    const report = path.join(root, '.cache/tests', `${project}.json`);
    rmSync(report, { force: true });
    const reporters = ['--reporter=default', '--reporter=./scripts/countingReporter.mjs'];
    const args = ['run', '--project', project, '--allowOnly=false', ...reporters];
    const code = await runTool('vitest', 'vitest', args, { ...env, LSM_LENS_TEST_REPORT: report });
    const counts = readReport(report);
    this.passed += counts.passed;
    this.failed += counts.failed.length;
    this.skips.push(...counts.skipped);
    this.failures.push(...counts.failed);
    if (code !== 0 && counts.failed.length === 0) {
      this.fail(`${project} tests: the run ended with exit code ${code}`);
    }
  }

  /** @param {string} what */
  fail(what) {
    this.failed++;
    this.failures.push(what);
  }

  /** Prints the summary, the counts as its last line, and sets the exit code. */
  finish() {
    console.log('');
    for (const skip of this.skips) console.log(`skipped: ${skip}`);
    for (const failure of this.failures) console.log(`failed: ${failure}`);
    const skipped = this.skips.length > 0 ? `, ${this.skips.length} skipped` : '';
    console.log(`${this.passed} passed, ${this.failed} failed${skipped}`);
    process.exitCode = this.failed > 0 ? 1 : 0;
  }
}

/**
 * @param {string} file
 * @returns {import('./countingReporter.mjs').Counts}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: [], skipped: [] };
  }
}
