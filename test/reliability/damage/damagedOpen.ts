// Opens and reads a damaged store: right data, or one of our errors that names the damaged file and
// the place in it; never wrong data, never memory without bound, and a failed open changes nothing.

import { isDeepStrictEqual } from 'node:util';
import { LsmError } from '../../../src/base/errors.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { DIRECTORY, simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import type { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { contentOf, faultInReads } from '../workload/reopening.ts';
import { SMALL } from '../workload/storeSetup.ts';
import type { Damage } from './damages.ts';
import type { SmallStore } from './smallStores.ts';

const EXPECTED_CODES: readonly string[] = ['CORRUPTION', 'NOT_SUPPORTED', 'NOT_A_STORE'];
/** Bytes that opening and reading a store of some kilobytes may take. */
const MEMORY_MAX_BYTES = 64 * 1024 * 1024;

/** How the attempt ended. */
export interface DamageOutcome {
  readonly ended: 'right data' | 'refused';
  /** What is wrong, or `undefined`. */
  readonly problem: string | undefined;
}

/** Tries one damage. */
export async function tryDamage(store: SmallStore, damage: Damage): Promise<DamageOutcome> {
  const disk = damagedDisk(store, damage);
  const before = disk.contents();
  const memoryBefore = process.memoryUsage().arrayBuffers;
  const { refused, problem } = await openAndRead(store, disk);
  const taken = process.memoryUsage().arrayBuffers - memoryBefore;
  const ended = refused === undefined ? 'right data' : 'refused';
  if (taken > MEMORY_MAX_BYTES) return { ended, problem: `it took ${taken} bytes of memory` };
  if (problem !== undefined || refused === undefined) return { ended, problem };
  const { error, opened } = refused;
  const changed = !opened && !isDeepStrictEqual(disk.contents(), before);
  return { ended, problem: changed ? 'a failed open changed it' : problemWith(error, damage) };
}

function damagedDisk({ disk }: SmallStore, { file, content }: Damage): SimulatedDisk {
  const copy = disk.afterKill();
  const changed = content();
  if (changed === undefined) copy.remove(copy.join(DIRECTORY, file));
  else copy.place(file, changed);
  copy.settle();
  return copy;
}

interface Attempt {
  readonly refused?: { readonly error: LsmError; readonly opened: boolean };
  readonly problem?: string | undefined;
}

async function openAndRead(small: SmallStore, disk: SimulatedDisk): Promise<Attempt> {
  let store: Lsm | undefined;
  try {
    const options = { ...SMALL, ...small.recipe.options };
    const environment = simulatedEnvironment(1, disk);
    environment.clock.pass(small.promised.elapsedSeconds);
    store = await Lsm.open(DIRECTORY, environment, options);
    const found = contentOf(store);
    const { promised } = small;
    const problem =
      promised.faultIn(found, false) ?? faultInReads(store, found, promised.gone(found));
    return { problem };
  } catch (thrown) {
    if (!(thrown instanceof LsmError))
      return { problem: `not one of our errors: ${String(thrown)}` };
    return { refused: { error: thrown, opened: store !== undefined } };
  } finally {
    await store?.close().catch(() => undefined);
  }
}

function problemWith(error: LsmError, damage: Damage): string | undefined {
  const { code, message, file, offset } = error;
  if (!EXPECTED_CODES.includes(code)) return `${code}: ${message}`;
  if (message.includes('\n')) return `more than a line: ${message}`;
  if (code === 'NOT_A_STORE') return undefined;
  if (file === undefined || offset === undefined) return `no file or no offset: ${message}`;
  return isNamed(damage, error) ? undefined : `it names ${file}: ${message}`;
}

/** What contradicts the manifest may be found in either of the two. */
function isNamed({ file, name }: Damage, error: LsmError): boolean {
  if (file === error.file || name.includes(error.file!) || error.message.includes(file))
    return true;
  return file.startsWith('MANIFEST') && error.message.includes('the manifest');
}

/**
 * Whether a verification finds a damage. One to bytes that nobody needs is as good as found: to a
 * file that is kept to be used again, or to what such a file still holds behind its end.
 */
export async function isFound(store: SmallStore, damage: Damage): Promise<boolean> {
  if (await isIdle(store, damage.file)) return true;
  if (await verificationFinds(store, damage)) return true;
  const rest = withoutRest(store, damage);
  const outcome = await tryDamage(store, rest);
  return outcome.ended === 'right data' && !(await verificationFinds(store, rest));
}

/** The file cut where it was changed first. */
function withoutRest({ disk }: SmallStore, { file, content }: Damage): Damage {
  const [whole, changed] = [disk.contents().get(file)!, content() ?? new Uint8Array(0)];
  const offset = whole.findIndex((byte, index) => byte !== changed[index]);
  const end = offset === -1 ? whole.length : offset;
  return { file, name: `${file} cut to ${end} bytes`, content: () => whole.slice(0, end) };
}

async function verificationFinds(store: SmallStore, damage: Damage): Promise<boolean> {
  const disk = damagedDisk(store, damage);
  try {
    return !(await verifyStore(DIRECTORY, simulatedEnvironment(1, disk))).ok;
  } catch (thrown) {
    if (thrown instanceof LsmError) return true;
    throw thrown;
  }
}

/** Whether the store does without a file: a former log that is kept to be used again. */
export async function isIdle(store: SmallStore, file: string): Promise<boolean> {
  const gone = { file, name: `${file} deleted`, content: () => undefined };
  return (await tryDamage(store, gone)).ended === 'right data';
}
