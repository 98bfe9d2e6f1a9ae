// Figures as people read them: thin grouping, binary byte units, microseconds up to minutes.

const GROUP = ' ';
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `48211` → `48 211`, with a narrow no-break space; years of sequence numbers stay readable. */
export function formatCount(count: number): string {
  const digits = String(Math.round(Math.abs(count)));
  const grouped = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, GROUP) : digits;
  return count < 0 ? `−${grouped}` : grouped;
}

/** A count in at most five characters, for places that are narrow: `12.3k`, `4.1M`. */
export function formatShortCount(count: number): string {
  if (count < 10_000) return formatCount(count);
  if (count < 1_000_000) return `${significant(count / 1000)}k`;
  if (count < 1_000_000_000) return `${significant(count / 1_000_000)}M`;
  return `${significant(count / 1_000_000_000)}G`;
}

/** Bytes with a binary unit and at most three significant digits: `4.1 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = unit === 0 ? String(Math.round(value)) : significant(value);
  return `${text} ${BYTE_UNITS[unit]}`;
}

/** A duration given in microseconds: `0.9 µs`, `38 µs`, `2.4 ms`, `1.2 s`. */
export function formatMicros(micros: number): string {
  if (micros < 1000) return `${significant(micros)} µs`;
  if (micros < 1_000_000) return `${significant(micros / 1000)} ms`;
  if (micros < 120_000_000) return `${significant(micros / 1_000_000)} s`;
  return `${Math.floor(micros / 60_000_000)} min`;
}

/** ` in 4.1 ms`; nothing for 0, which stands for a time that nobody wrote down. */
export function inTime(micros: number): string {
  return micros === 0 ? '' : ` in ${formatMicros(micros)}`;
}

/** A share of one as a percentage; small shares keep their digits: `0.79 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent >= 99.95) return '100 %';
  if (percent > 99) return `${percent.toFixed(1)} %`;
  return `${significant(percent)} %`;
}

/** A ratio such as an amplification: `6.4`, `12`. */
export function formatRatio(ratio: number): string {
  return ratio < 10 ? trimmed(ratio, ratio < 1 ? 2 : 2) : significant(ratio);
}

/** Time since a moment, microseconds, as `h:mm:ss.mmm` without empty hours. */
export function formatClock(micros: number): string {
  const millis = Math.floor(Math.max(0, micros) / 1000);
  const hours = Math.floor(millis / 3_600_000);
  const minutes = Math.floor(millis / 60_000) % 60;
  const seconds = Math.floor(millis / 1000) % 60;
  const tail = `${pad(seconds, 2)}.${pad(millis % 1000, 3)}`;
  return hours > 0 ? `${hours}:${pad(minutes, 2)}:${tail}` : `${minutes}:${tail}`;
}

/** `one` for one thing, `many` for any other number, with the number before it. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

function significant(value: number): string {
  if (value >= 100) return formatCount(value);
  if (value >= 10) return trimmed(value, value < 20 ? 1 : 0);
  return trimmed(value, value < 1 ? 2 : 1);
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, digits === 0 ? '$&' : '');
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
