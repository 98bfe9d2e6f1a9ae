// When things happened that were found by looking now and then. No file tells of each write, so
// they are spread evenly over the time since the last look: rates come out as they were, not as
// spikes.

/**
 * So many moments after `since`, the last one at `now`, in order; wall clock, microseconds.
 * @param since later than `now` when the clock was set back: all are `now` then.
 */
export function lookTimes(since: number, now: number, count: number): readonly number[] {
  const step = Math.max(0, now - since) / count;
  return Array.from({ length: count }, (_, index) => Math.round(now - (count - 1 - index) * step));
}
