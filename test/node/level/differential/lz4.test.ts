// See againstLevelDb.ts.

import { testAgainstLevelDb } from './againstLevelDb.ts';

testAgainstLevelDb('lz4');
