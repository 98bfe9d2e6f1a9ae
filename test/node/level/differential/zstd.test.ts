// See againstLevelDb.ts.

import { testAgainstLevelDb } from './againstLevelDb.ts';

testAgainstLevelDb('zstd');
