// Every parser of bytes from outside: seeds that it reads well, and a reading that ends in nothing,
// in one of our errors, or in a fault of ours. `everyParser.test.ts` finds what is missing.

import { codecParsers } from './codecParsers.ts';
import { engineParsers } from './engineParsers.ts';
import { foreignParsers } from './foreignParsers.ts';
import type { FuzzedParser } from './fuzzedParser.ts';
import { importParsers, messageParsers } from './sessionParsers.ts';

export const PARSERS: readonly FuzzedParser[] = [
  ...(await engineParsers()),
  ...messageParsers(),
  ...importParsers(),
  ...foreignParsers(),
  ...codecParsers(),
];
