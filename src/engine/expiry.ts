// When entries expire: a family with a time to live shows none that was written longer ago. An
// expired entry reads like a tombstone of its key, so that what is older does not come back.

import type { Clock } from '../base/clock.ts';
import type { ResolvedOptions } from './options.ts';

/** Nothing expires: no entry was written before 1970. */
export const NO_EXPIRY = 0;

/**
 * Entries written before this moment are expired; NO_EXPIRY when none is.
 * @param nowMicros wall clock, microseconds since 1970.
 */
export function expiryCutoffAt({ ttlSeconds }: ResolvedOptions, nowMicros: number): number {
  return ttlSeconds === 0 ? NO_EXPIRY : Math.max(NO_EXPIRY, nowMicros - ttlSeconds * 1_000_000);
}

/** As `expiryCutoffAt`, now; reads the clock only where entries can expire. */
export function expiryCutoff(options: ResolvedOptions, clock: Clock): number {
  return options.ttlSeconds === 0 ? NO_EXPIRY : expiryCutoffAt(options, clock.wallMicros());
}
