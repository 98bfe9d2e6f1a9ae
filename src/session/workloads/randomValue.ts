// Values of a given size: letters and digits, so that they can be read in the inspector and
// compress about as well as text.

import type { Random } from '../../base/random.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz012345';
const CODES: Uint8Array = Uint8Array.from(LETTERS, (letter) => letter.charCodeAt(0));

/** `sizeBytes` random characters. */
export function randomValue(random: Random, sizeBytes: number): Uint8Array {
  const value = new Uint8Array(sizeBytes);
  let bits = 0;
  for (let index = 0; index < sizeBytes; index++) {
    if (index % 6 === 0) bits = random.nextUint32();
    value[index] = CODES[bits & 31]!;
    bits >>>= 5;
  }
  return value;
}
