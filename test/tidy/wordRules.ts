// Words that may not stand in the code, each with what to use instead.

import { parseModule } from './imports.ts';
import type { Problem, ProjectFile } from './projectFile.ts';
import { lineAt, productFiles } from './projectFile.ts';

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
  /** Whether comments are searched too. */
  readonly inComments: boolean;
  /** Where it may stand after all. */
  readonly allowedIn: RegExp | undefined;
}

const bans: readonly Ban[] = [
  {
    pattern: /\bDate\.now\b|\bperformance\.now\b|\bnew Date\(\)|\bprocess\.hrtime\b/g,
    instead: 'a Clock (src/base/clock.ts), so that a run can be repeated',
    inComments: false,
    allowedIn: /^src\/node\/\w*[cC]lock\.ts$/,
  },
  {
    pattern: /\bMath\.random\b/g,
    instead: 'the seeded generator of src/base/random.ts',
    inComments: false,
    allowedIn: undefined,
  },
  {
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/g,
    instead: 'the finished thing, or an issue',
    inComments: true,
    allowedIn: undefined,
  },
];

/** Finds banned words in src/ and webview/. */
export function checkWords(files: readonly ProjectFile[]): Problem[] {
  return productFiles(files).flatMap((file) => {
    const { code } = parseModule(file);
    return bans.flatMap(({ pattern, instead, inComments, allowedIn }) => {
      if (allowedIn?.test(file.path)) return [];
      const text = inComments ? file.text : code;
      return [...text.matchAll(pattern)].map((match) => ({
        rule: 'words',
        path: file.path,
        line: lineAt(text, match.index),
        message: `${match[0]} is banned: use ${instead}`,
      }));
    });
  });
}
