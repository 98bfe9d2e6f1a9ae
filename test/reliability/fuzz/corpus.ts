// Inputs that reached places which no seed reaches, kept from one run to the next: a file for each
// parser, a line for each input, packed by deflate and written in base64.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

const FOLDER = 'test/reliability/fuzz/corpus';

/** What was kept of a parser's inputs. */
export function readCorpus(parser: string): Uint8Array[] {
  const file = fileOf(parser);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => new Uint8Array(inflateRawSync(Buffer.from(line, 'base64'))));
}

/** Keeps these, and only these. */
export function writeCorpus(parser: string, inputs: readonly Uint8Array[]): void {
  const file = fileOf(parser);
  rmSync(file, { force: true });
  if (inputs.length === 0) return;
  mkdirSync(FOLDER, { recursive: true });
  const lines = inputs.map((input) => deflateRawSync(input, { level: 9 }).toString('base64'));
  writeFileSync(file, `${lines.join('\n')}\n`);
}

function fileOf(parser: string): string {
  return path.join(FOLDER, `${parser.replaceAll(/[^\w.-]+/g, '-')}.txt`);
}
