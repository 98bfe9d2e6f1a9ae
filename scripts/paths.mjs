// Where things lie, for every script.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, absolute. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The packed extension, absolute. */
export const vsixFile = path.join(root, `${manifest.name}-${manifest.version}.vsix`);
