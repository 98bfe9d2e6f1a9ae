// A family's chosen options as the manifest stores them: a JSON object from names to numbers, texts
// and truth values, so that a person can read it and a later version can add to it.

import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import type { ByteReader } from '../../base/byteReader.ts';
import type { ByteWriter } from '../../base/byteWriter.ts';
import { FAMILY_OPTION_NAMES } from '../options.ts';
import type { FamilyOptions } from '../options.ts';

export function writeStoredOptions(content: ByteWriter, options: FamilyOptions): void {
  content.writeBytes(encodeUtf8(JSON.stringify(options)));
}

/**
 * Reads up to the end of `content`. Names that this version does not know are passed over: it has
 * nothing that they would change. Values are checked with those given when the store is opened.
 * @throws LsmError `CORRUPTION` when it is no such object.
 */
export function readStoredOptions(content: ByteReader): FamilyOptions {
  const start = content.position;
  const text = decodeUtf8(content.readBytes(content.remaining, 'the options of a family'));
  const stored = parsed(text);
  if (stored === undefined) throw content.damage('the options of a family are no JSON', start);
  const known = FAMILY_OPTION_NAMES.map((name) => [name, stored[name]] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
