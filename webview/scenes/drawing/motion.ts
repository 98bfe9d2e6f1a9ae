// Motion as arithmetic: a part of the progress becomes a progress of its own, and places in between
// follow from it. Nothing here knows what time is.

import { easeCubicInOut } from 'd3';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where something that travels is at one instant, and how visible. */
export interface Passage extends Point {
  readonly opacity: number;
}

/** 0 before `from`, 1 after `to`, straight in between. */
export function span(progress: number, from: number, to: number): number {
  if (progress >= to) return 1;
  return progress <= from ? 0 : (progress - from) / (to - from);
}

/** As `span`, setting out and arriving gently. */
export function eased(progress: number, from: number, to: number): number {
  return easeCubicInOut(span(progress, from, to));
}

/** The value at `share` of the way. */
export function between(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

/** On the way from one place to another; with reduced motion it fades out here and in there. */
export function passage(from: Point, to: Point, share: number, reducedMotion: boolean): Passage {
  if (!reducedMotion) {
    return { x: between(from.x, to.x, share), y: between(from.y, to.y, share), opacity: 1 };
  }
  return share < 0.5 ? { ...from, opacity: 1 - 2 * share } : { ...to, opacity: 2 * share - 1 };
}

/** The running step of several equal ones, and how far through it; the last one stays at 1. */
export function stepOf(share: number, steps: number): { index: number; within: number } {
  if (steps <= 0) return { index: -1, within: 1 };
  const at = Math.min(share * steps, steps);
  const index = Math.min(Math.floor(at), steps - 1);
  return { index, within: at - index };
}
