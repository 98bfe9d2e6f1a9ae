// Where an ingested table belongs of which no manifest tells: its family and sequence number.
//
// Every table whose job began after the ingest, and which shares keys with the ingested one, tells
// of it (ingest/ingestedTable.ts). When none does, all that share keys with it are older, whatever
// their numbers: also the outputs of compactions that were under way. Then it comes right behind
// them, and what the log has beyond them is newer.

import type { FileNumber, SequenceNumber } from '../../protocol/events.ts';
import { shareKeys } from '../ingest/ingestedTable.ts';
import type { TableProperties } from '../table/tableProperties.ts';

/** What a table that can be read says. */
export interface TableSpan extends Pick<
  TableProperties,
  'family' | 'smallestKey' | 'largestKey' | 'largestSequence' | 'ingested'
> {
  readonly number: FileNumber;
  /** Its own family and sequence numbers mean nothing. */
  readonly isIngested: boolean;
}

/** Of an ingested table. */
export interface IngestedPlace {
  readonly family: number;
  readonly givenSequence: SequenceNumber;
  readonly isGuess: boolean;
}

/** The place of each ingested table by what all tables say. */
export function placesOf(spans: readonly TableSpan[]): Map<FileNumber, IngestedPlace> {
  const places = toldPlaces(spans);
  const [ingested, others] = [
    spans.filter(({ isIngested }) => isIngested),
    spans.filter(({ isIngested, family }) => !isIngested && family === 0),
  ];
  // Among themselves they came in the order of their numbers.
  for (const span of ingested.toSorted((left, right) => left.number - right.number)) {
    if (places.has(span.number)) continue;
    const before = others
      .filter((other) => shareKeys(other, span))
      .map(({ largestSequence }) => largestSequence);
    for (const { number } of ingested) {
      const place = number < span.number ? places.get(number) : undefined;
      if (place?.family === 0) before.push(place.givenSequence);
    }
    const greatest = before.reduce((most, sequence) => Math.max(most, sequence), 0);
    places.set(span.number, { family: 0, givenSequence: greatest + 1, isGuess: true });
  }
  return places;
}

function toldPlaces(spans: readonly TableSpan[]): Map<FileNumber, IngestedPlace> {
  const places = new Map<FileNumber, IngestedPlace>();
  for (const { family, ingested } of spans) {
    for (let index = 0; index < ingested.length; index += 2) {
      const [number, givenSequence] = [ingested[index]!, ingested[index + 1]!];
      places.set(number, { family, givenSequence, isGuess: false });
    }
  }
  return places;
}
