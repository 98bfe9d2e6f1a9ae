// A store that was deleted while it was open here, and begun anew under the same names.

import type { LsmEventBody } from '../protocol/events.ts';
import type { ManifestFile } from './manifestFile.ts';
import type { ProblemList } from './problems.ts';
import type { PastEvent } from './storeReader.ts';

/** Tells it once; nothing of the new store is shown in the old one's picture. */
export class ReplacedStore {
  private readonly problems: ProblemList;
  private isTold = false;

  constructor(problems: ProblemList) {
    this.problems = problems;
  }

  /** What there is to tell; `undefined` while the store is the same. */
  look(manifest: Pick<ManifestFile<unknown>, 'isReplaced' | 'name'>): PastEvent[] | undefined {
    if (this.isTold) return [];
    if (!manifest.isReplaced) return undefined;
    this.isTold = true;
    const { name: file } = manifest;
    const message =
      `${file} is another file by now: the store was deleted and begun anew. Open the directory ` +
      'again to see what it holds';
    this.problems.add('NOT_A_STORE', file, -1, message);
    const body: LsmEventBody = { kind: 'error', code: 'NOT_A_STORE', message, file, offset: -1 };
    return [{ body, timeMicros: 0 }];
  }
}
