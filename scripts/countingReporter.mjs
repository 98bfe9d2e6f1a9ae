// A vitest reporter: writes how many tests passed, which failed and which were skipped and why, as
// JSON, to the file that the environment variable LSM_LENS_TEST_REPORT names.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {import('vitest/node').TestModule} TestModule
 * @typedef {import('vitest/node').TestSuite} TestSuite
 * @typedef {import('vitest/node').TestCase} TestCase
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {string[]} failed One line each.
 * @property {string[]} skipped One line each, with the reason.
 */

export default class CountingReporter {
  /**
   * @param {readonly TestModule[]} modules
   * @param {readonly import('vitest').SerializedError[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Counts} */
    const counts = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) countModule(module, counts);
    for (const error of unhandledErrors) counts.failed.push(`unhandled error: ${firstLine(error)}`);
    const file = process.env['LSM_LENS_TEST_REPORT'];
    if (file === undefined) return;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(counts));
  }
}

/**
 * @param {TestModule} module
 * @param {Counts} counts
 */
function countModule(module, counts) {
  for (const test of module.children.allTests()) {
    const result = test.result();
    const name = `${module.relativeModuleId} > ${test.fullName}`;
    if (result.state === 'passed') counts.passed++;
    else if (result.state === 'failed') counts.failed.push(name);
    else if (!isInFailedSuite(test)) counts.skipped.push(`${name}: ${reasonOf(result)}`);
  }
  for (const suite of [module, ...module.children.allSuites()]) {
    for (const error of suite.errors()) {
      counts.failed.push(`${module.relativeModuleId}: ${firstLine(error)}`);
    }
  }
}

/**
 * Whether it never ran because a hook around it failed; that hook is counted.
 *
 * @param {TestCase} test
 */
function isInFailedSuite(test) {
  /** @type {TestModule | TestSuite} */
  let suite = test.parent;
  while (suite.errors().length === 0) {
    if (suite.type === 'module') return false;
    suite = suite.parent;
  }
  return true;
}

/** @param {import('vitest/node').TestResult} result */
function reasonOf(result) {
  return (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
}

/** @param {import('vitest').SerializedError} error */
function firstLine({ message }) {
  return message.split('\n', 1)[0];
}
