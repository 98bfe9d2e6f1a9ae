// A vitest reporter: writes how many tests passed, which failed and which were skipped and why, as
// JSON, to the file that the environment variable LSM_LENS_TEST_REPORT names.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {string[]} failed One line each.
 * @property {string[]} skipped One line each, with the reason.
 */

export default class CountingReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly import('vitest').SerializedError[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Counts} */
    const counts = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) countModule(module, counts);
    for (const { message } of unhandledErrors) counts.failed.push(`unhandled error: ${message}`);
    const file = process.env['LSM_LENS_TEST_REPORT'];
    if (file === undefined) return;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(counts));
  }
}

/**
 * @param {import('vitest/node').TestModule} module
 * @param {Counts} counts
 */
function countModule(module, counts) {
  for (const test of module.children.allTests()) {
    const result = test.result();
    const name = `${module.relativeModuleId} > ${test.fullName}`;
    if (result.state === 'passed') counts.passed++;
    else if (result.state === 'failed') counts.failed.push(name);
    else counts.skipped.push(`${name}: ${reasonOf(result)}`);
  }
  const loadErrors = [module, ...module.children.allSuites()].flatMap((suite) => suite.errors());
  for (const { message } of loadErrors)
    counts.failed.push(`${module.relativeModuleId}: ${message}`);
}

/** @param {import('vitest/node').TestResult} result */
function reasonOf(result) {
  return (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
}
