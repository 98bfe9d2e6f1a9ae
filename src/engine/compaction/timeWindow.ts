// Compaction by windows of time, for data that is written in the order of time and dies of age. A
// run belongs to the window of its newest entry:
//
//   window = newest entry's time / timeWindowSeconds
//
// In the newest window runs of like size are merged as in the size-tiered strategy. Once a newer
// window has begun, a window's runs are merged into one, for good, and lie in level 1: no run ever
// holds what was flushed in two windows. Runs whose newest entry is older than
// timeWindowTtlSeconds are dropped whole, the oldest first. Cassandra's
// TimeWindowCompactionStrategy is of this kind.
//
// Time only says which runs belong together; their order stays that of their age in the store, so
// a clock that jumped back can never turn versions around: a run counts as at least as late as
// every run before it.

import type { CompactionCandidate, LevelTarget } from '../../protocol/events.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import type { ResolvedOptions } from '../options.ts';
import { ageCase, expiredTables, planDrop, tablesByAge } from './ageDrops.ts';
import { dueBytes, levelZeroRuns } from './backlog.ts';
import { planNeighbours, runsByAge } from './runsByAge.ts';
import type { AgedRun, Neighbours } from './runsByAge.ts';
import { ofLikeSize } from './sizeTiered.ts';
import { conflicts, hidesNothing } from './strategy.ts';
import type {
  CompactionPlan,
  CompactionStrategy,
  ManualProgress,
  ManualStep,
  StrategyContext,
  StrategyDecision,
} from './strategy.ts';

export const timeWindow: CompactionStrategy = {
  name: 'time-window',
  targets,
  decide,
  manualStep,
  backlog: (version, options) => ({
    level0Runs: levelZeroRuns(version),
    pendingBytes: dueBytes(timeWindow, version, options),
  }),
  manualLevel: () => 1,
  hasLevels: false,
};

/** Closed windows lie here, the open one above. */
const CLOSED_LEVEL = 1;

/** Neighbouring runs of one window, newest first. */
interface Window {
  /** Its number: whole window lengths since 1970. */
  readonly number: number;
  readonly isOpen: boolean;
  readonly runs: readonly AgedRun[];
  /** The newest run of the window before. */
  readonly older: AgedRun | undefined;
}

/** A window's case, and what its merge would be. */
interface Finding {
  readonly candidate: Omit<CompactionCandidate, 'chosen' | 'why'>;
  readonly plan: CompactionPlan | undefined;
}

/**
 * A level is as near to a merge as the nearest of the windows whose newest run lies there. Windows
 * that are one run for good need nothing, however many they are: level 1 has no limit.
 */
function targets(version: FamilyVersion, options: ResolvedOptions): LevelTarget[] {
  const windows = windowsOf(runsByAge(version), options);
  const cases = windows
    .filter(({ runs }) => runs.length > 1 || runs[0]!.level < CLOSED_LEVEL)
    .map((window) => merging(version, window, options).candidate);
  return version.levels.map(({ level }) => {
    const scores = cases.filter((each) => each.level === level).map(({ score }) => score);
    const limit = level < CLOSED_LEVEL ? options.tierRuns : 0;
    return { level, score: Math.max(0, ...scores), measure: 'runs', limit };
  });
}

function decide(context: StrategyContext): StrategyDecision {
  const { version, options, running, nowMicros } = context;
  const runs = runsByAge(version, running);
  const findings = [
    expiry(version, runs, options, nowMicros),
    ...windowsOf(runs, options).map((window) => merging(version, window, options)),
  ];
  const possible = findings.filter(({ plan }) => plan !== undefined && !conflicts(plan, running));
  const chosen = possible.reduce<Finding | undefined>(
    (best, each) =>
      // Of equals the older: what is newer cannot sink below it.
      best === undefined || each.candidate.score >= best.candidate.score ? each : best,
    undefined,
  );
  const candidates = findings.map((finding) => ({
    ...finding.candidate,
    chosen: finding === chosen,
    why: whyOf(finding, chosen, possible.includes(finding)),
  }));
  return { candidates, plan: chosen?.plan };
}

function whyOf(finding: Finding, chosen: Finding | undefined, isPossible: boolean): string {
  if (finding === chosen) return 'highest-score';
  if (isPossible) return 'lower-score';
  if (finding.plan !== undefined) return 'inputs-busy';
  return finding.candidate.score < 1 ? 'score-below-1' : 'rule-does-not-apply';
}

/** The windows, newest first. */
function windowsOf(runs: readonly AgedRun[], { timeWindowSeconds }: ResolvedOptions): Window[] {
  const windows: Window[] = [];
  let number = -Infinity;
  let newer: AgedRun[] = [];
  for (const [index, run] of runs.toReversed().entries()) {
    const micros = run.tables.reduce(
      (most, table) => Math.max(most, table.largestTimestampMicros),
      0,
    );
    const own = Math.floor(micros / (timeWindowSeconds * 1e6));
    if (own > number) {
      number = own;
      newer = [];
      const older = index === 0 ? undefined : runs[runs.length - index];
      windows.unshift({ number, isOpen: false, runs: newer, older });
    }
    newer.unshift(run);
  }
  return windows.map((window, index) => ({ ...window, isOpen: index === 0 }));
}

/** What is too old, of all windows. */
function expiry(
  version: FamilyVersion,
  runs: readonly AgedRun[],
  { timeWindowTtlSeconds }: ResolvedOptions,
  nowMicros: number,
): Finding {
  const tables = tablesByAge(runs);
  const candidate = ageCase(tables[0], timeWindowTtlSeconds, nowMicros);
  if (timeWindowTtlSeconds === 0) return { candidate, plan: undefined };
  const expired = expiredTables(tables, nowMicros - timeWindowTtlSeconds * 1e6);
  const plan = expired.length === 0 ? undefined : planDrop(version, expired, 'expired');
  return { candidate, plan };
}

/** A window that is over and already one run only has to leave level 0 to those that are not. */
function leaving(version: FamilyVersion, window: Window): CompactionPlan | undefined {
  const { isOpen, runs, older } = window;
  const [run] = runs;
  if (isOpen || run === undefined || run.level >= CLOSED_LEVEL || older?.level === 0) {
    return undefined;
  }
  const plan = planNeighbours(version, wholeOf(window), CLOSED_LEVEL, 'window-closed');
  const rewrites = hidesNothing(run.tables, plan.outputLevel, version);
  return { ...plan, manner: rewrites ? 'merge' : 'move' };
}

function merging(version: FamilyVersion, window: Window, options: ResolvedOptions): Finding {
  const { isOpen, runs } = window;
  const leaves = runs.length === 1 ? leaving(version, window) : undefined;
  const limit = isOpen ? options.tierRuns : leaves === undefined ? 2 : 1;
  const value = runs.filter(({ isBusy }) => !isBusy).length;
  const candidate = {
    level: runs[0]!.level,
    subject: windowName(window, options),
    score: value / limit,
    measure: 'runs',
    value,
    limit,
  } as const;
  if (value < limit) return { candidate, plan: undefined };
  if (leaves !== undefined) return { candidate, plan: leaves };
  const found = isOpen ? likeSizedOf(window, options) : wholeOf(window);
  if (found === undefined) return { candidate, plan: undefined };
  const level = isOpen ? 0 : CLOSED_LEVEL;
  const reason = isOpen ? 'size-ratio' : 'window-closed';
  return { candidate, plan: planNeighbours(version, found, level, reason) };
}

function wholeOf({ runs, older }: Window): Neighbours {
  return { runs, older };
}

/** Runs of like size, or all when none are and they have become too many. */
function likeSizedOf(window: Window, options: ResolvedOptions): Neighbours | undefined {
  const { neighbours } = ofLikeSize(window.runs, options);
  if (neighbours !== undefined) return { ...neighbours, older: neighbours.older ?? window.older };
  return window.runs.length > options.tierRuns ? wholeOf(window) : undefined;
}

function windowName({ number, isOpen }: Window, { timeWindowSeconds }: ResolvedOptions): string {
  const begin = new Date(number * timeWindowSeconds * 1000).toISOString().slice(0, 16);
  return `window ${begin.replace('T', ' ')}${isOpen ? ', open' : ''}`;
}

/** By hand: every window that holds more than one run becomes one; windows stay apart. */
function manualStep(context: StrategyContext, progress: ManualProgress): ManualStep | undefined {
  const { version, options } = context;
  for (const window of windowsOf(runsByAge(version), options)) {
    const { runs } = window;
    if (runs.length < 2) continue;
    const level = window.isOpen ? 0 : CLOSED_LEVEL;
    return { plan: planNeighbours(version, wholeOf(window), level, 'manual'), next: progress };
  }
  return undefined;
}
