// A line's bytes as text, strictly: what is no UTF-8 is a malformed line, not a line with question
// marks in it.

import type { Line } from './lineSplitter.ts';
import { LINE_SIZE_MAX } from './lineSplitter.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = '\uFEFF';

/** The text, or why there is none. */
export type LineText =
  | { readonly text: string; readonly fault?: undefined }
  | { readonly text?: undefined; readonly fault: string };

/** Decodes one line; a byte order mark before the first is dropped. */
export function lineText(line: Line): LineText {
  if (line.isTooLong) return { fault: `the line is longer than ${LINE_SIZE_MAX} bytes` };
  try {
    const text = decoder.decode(line.bytes);
    const marked = line.number === 1 && text.startsWith(BYTE_ORDER_MARK);
    return { text: marked ? text.slice(1) : text };
  } catch {
    return { fault: 'the line is not valid UTF-8' };
  }
}
