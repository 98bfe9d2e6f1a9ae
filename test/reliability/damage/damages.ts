// Every way in which a store's files are damaged: as names, made into bytes only when tried.

import type { Random } from '../../../src/base/random.ts';

/** A damage to one file. */
export interface Damage {
  readonly file: string;
  /** For people. */
  readonly name: string;
  /** The file's new content; `undefined` when it is gone. */
  readonly content: () => Uint8Array | undefined;
}

type Files = ReadonlyMap<string, Uint8Array>;

/** Bits of each byte that are turned, one after the other, and the byte made zero. */
const MASKS = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff];
const WINDOW_BYTES = 64;

/** Every byte changed in every way. */
export function changedBytes(files: Files): Damage[] {
  return eachOffset(files, (file, content, offset) =>
    MASKS.map((mask) => changedAt(file, content, offset, mask)),
  );
}

function changedAt(file: string, content: Uint8Array, offset: number, mask: number): Damage {
  return {
    file,
    name: `byte ${offset} of ${file} xor ${mask}`,
    content: () => content.with(offset, content[offset]! ^ mask),
  };
}

/** Every file cut at every length. */
export function cutFiles(files: Files): Damage[] {
  return eachOffset(files, (file, content, offset) => [cutAt(file, content, offset)]);
}

function cutAt(file: string, content: Uint8Array, offset: number): Damage {
  const name = `${file} cut to ${offset} bytes`;
  return { file, name, content: () => content.slice(0, offset) };
}

/** Zeros over 64 bytes from any place on, as a lost sector leaves. */
export function lostSectors(files: Files): Damage[] {
  return eachOffset(files, (file, content, offset) => {
    const isBlank = content.subarray(offset, offset + WINDOW_BYTES).every((byte) => byte === 0);
    if (isBlank) return [];
    const zeroed = (): Uint8Array => content.slice().fill(0, offset, offset + WINDOW_BYTES);
    return [{ file, name: `zeros in ${file} from byte ${offset} on`, content: zeroed }];
  });
}

/** Every file gone, emptied, doubled, followed by rubbish, or with another's content. */
export function otherFiles(files: Files): Damage[] {
  return [...files].flatMap(([file, content]) => {
    const others = [...files].filter(([name]) => name !== file);
    return [
      { file, name: `${file} deleted`, content: () => undefined },
      { file, name: `${file} twice in itself`, content: () => joined(content, content) },
      { file, name: `rubbish behind ${file}`, content: () => joined(content, rubbish(100)) },
      ...others.map(([name, other]) => {
        return { file, name: `${name} in place of ${file}`, content: () => other };
      }),
    ];
  });
}

/** One damage of any kind; each byte of the store is as likely as any other. */
export function anyDamage(files: Files, random: Random): Damage {
  const all = [...files].filter(([, content]) => content.length > 0);
  const total = all.reduce((sum, [, content]) => sum + content.length, 0);
  let place = random.nextBelow(total);
  const [name, content] = all.find(([, { length }]) => (place -= length) < 0)!;
  const offset = place + content.length;
  const [changed, cut] = [MASKS[random.nextBelow(MASKS.length)]!, random.nextBelow(4) === 0];
  if (random.nextBelow(16) === 0) {
    const others = otherFiles(files).filter((damage) => damage.file === name);
    return others[random.nextBelow(others.length)]!;
  }
  return cut ? cutAt(name, content, offset) : changedAt(name, content, offset, changed);
}

function eachOffset(
  files: Files,
  damagesAt: (file: string, content: Uint8Array, offset: number) => Damage[],
): Damage[] {
  return [...files].flatMap(([file, content]) =>
    Array.from(content, (_, offset) => damagesAt(file, content, offset)).flat(),
  );
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function rubbish(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 167 + 13) & 0xff);
}
