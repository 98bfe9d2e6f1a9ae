// Events on the command line: bytes as hexadecimal digits, times as ISO 8601, one event a line.

import { encodeHex } from '../base/bytes.ts';
import type { LsmEventBody } from '../protocol/events.ts';

/** An event as JSON takes it. */
export function plainEvent(body: LsmEventBody, timeMicros: number): Record<string, unknown> {
  return { time: isoTime(timeMicros), ...plainStep(body) };
}

/** The same without a time, for events that follow one another at once. */
export function plainStep(body: LsmEventBody): Record<string, unknown> {
  return plain(body) as Record<string, unknown>;
}

/** The same as one line for people: its kind, then its figures. */
export function eventLine(body: LsmEventBody, timeMicros: number): string {
  const { kind, ...fields } = body;
  const words = Object.entries(fields).flatMap(([name, value]) => describeField(name, value));
  const time = isoTime(timeMicros) ?? ' '.repeat(TIME_LENGTH);
  return `${time}  ${kind.padEnd(KIND_WIDTH)} ${words.join(' ')}`.trimEnd();
}

const TIME_LENGTH = '2026-11-22T20:10:44.427Z'.length;
const KIND_WIDTH = 16;
/** Lists longer than this are counted. */
const LIST_SHOWN_MAX = 8;

/** `null` when nobody wrote the time down. */
function isoTime(timeMicros: number): string | null {
  return timeMicros === 0 ? null : new Date(timeMicros / 1000).toISOString();
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return encodeHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      field instanceof Uint8Array ? `${name}Hex` : name,
      plain(field),
    ]),
  );
}

function describeField(name: string, value: unknown): string[] {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return [`${name}=${value}`];
  }
  if (!Array.isArray(value) || value.length === 0) return [];
  if (value.length > LIST_SHOWN_MAX) return [`${name}=${value.length} items`];
  const items = value.map(describeItem).filter((item) => item !== '');
  return items.length === 0 ? [] : [`${name}=[${items.join(', ')}]`];
}

/** Tables, inputs and candidates in events all name a level, most a file. */
interface PlacedItem {
  readonly level?: number;
  readonly file?: number;
  readonly files?: readonly number[];
  readonly table?: { readonly file: number };
}

/** What an item of a list is known by: a table at its level, or the item itself. */
function describeItem(item: unknown): string {
  if (typeof item === 'number' || typeof item === 'string') return String(item);
  if (typeof item !== 'object' || item === null) return '';
  const { level, file, files, table } = item as PlacedItem;
  const number = file ?? table?.file;
  if (level === undefined || (number === undefined && files === undefined)) return '';
  return `L${level}:${files === undefined ? number : files.join('+')}`;
}
