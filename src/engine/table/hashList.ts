// Hashes of 64 bits, two words each, collected while a table is written.

/** An append-only list. */
export class HashList {
  /** Only the first 2 × `count` belong to it. */
  words: Uint32Array = new Uint32Array(2048);
  count = 0;

  add(hash: Uint32Array): void {
    const position = 2 * this.count++;
    if (position === this.words.length) {
      const larger = new Uint32Array(2 * position);
      larger.set(this.words);
      this.words = larger;
    }
    this.words[position] = hash[0]!;
    this.words[position + 1] = hash[1]!;
  }
}
