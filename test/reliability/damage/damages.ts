// Every way in which a store's files are damaged: as names, made into bytes only when tried.

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
    MASKS.map((mask) => ({
      file,
      name: `byte ${offset} of ${file} xor ${mask}`,
      content: () => content.with(offset, content[offset]! ^ mask),
    })),
  );
}

/** Every file cut at every length. */
export function cutFiles(files: Files): Damage[] {
  return eachOffset(files, (file, content, offset) => [
    { file, name: `${file} cut to ${offset} bytes`, content: () => content.slice(0, offset) },
  ]);
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

function eachOffset(
  files: Files,
  damagesAt: (file: string, content: Uint8Array, offset: number) => Damage[],
): Damage[] {
  return [...files].flatMap(([file, content]) =>
    Array.from(content, (_, offset) => damagesAt(file, content, offset)).flat(),
  );
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  return Uint8Array.of(...first, ...second);
}

function rubbish(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 167 + 13) & 0xff);
}
