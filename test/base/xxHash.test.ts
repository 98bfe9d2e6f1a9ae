// The xxHash family against the reference implementation (xxhash.c of Cyan4973/xxHash 0.8.2): every
// class of lengths, over the bytes that its own self-check hashes.

import { expect, test } from 'vitest';
import { multiplyHigh } from '../../src/base/word64.ts';
import { xxh3, xxh3Low } from '../../src/base/xxh3.ts';
import { xxHash32 } from '../../src/base/xxHash32.ts';
import { xxHash64 } from '../../src/base/xxHash64.ts';

/** Length, XXH32, XXH64, XXH3. */
const VECTORS: readonly (readonly [number, bigint, bigint, bigint])[] = [
  [0, 0x02cc5d05n, 0xef46db3751d8e999n, 0x2d06800538d394c2n],
  [1, 0xcf65b03en, 0xe934a84adb052768n, 0xc44bdff4074eecdbn],
  [2, 0x1151bee4n, 0x5d48cd60a77e23ffn, 0x7a9978044cb8a8bbn],
  [3, 0xdbf6153dn, 0x74b65698ef6b6959n, 0x3f968b83e9a87dc3n],
  [4, 0xa4957822n, 0xe244ddbcf81e29e4n, 0xceb277f560083438n],
  [6, 0xaf1d20acn, 0xc1313196b0953babn, 0x3cc50d1b34772c2cn],
  [8, 0x86ea0b97n, 0xca240b08878d6ff6n, 0x92731f68d8a8a634n],
  [9, 0xa256d895n, 0xa941b83bc586c2abn, 0x56d6bd7878198283n],
  [12, 0xbeff3acdn, 0x948a0189761dd7ffn, 0x08662add2c628c21n],
  [16, 0xa1d5c94bn, 0x6f67de6458c8cc4dn, 0x027b4cb04c597e4bn],
  [17, 0xa7a2a956n, 0xa84d65523e4ecf52n, 0x0e1175449b89e26fn],
  [24, 0xcd22f633n, 0xdba640067f40a642n, 0x6cbf7a5dc0f3b4abn],
  [32, 0x45b42398n, 0x91382f920a08001cn, 0x94ff320e8376e4abn],
  [33, 0x6c762f5dn, 0x840f6f0a6b922839n, 0x074d4144802696e4n],
  [64, 0xdffad547n, 0xc1f8dc73fe9686can, 0xde96c1c20ccf3645n],
  [65, 0xf855f082n, 0xeffedbb33d0e47d5n, 0x3a7ad8eab439dc7en],
  [96, 0x4a2624d6n, 0xc4544fed4f48045cn, 0x59cd6d668d3b94a5n],
  [97, 0x41c93590n, 0x90014c6b8f583fben, 0x841abea77038fa62n],
  [128, 0x3dc7e0c0n, 0x2321b725b3e11363n, 0xe774efc8b7526505n],
  [129, 0x1d35bb98n, 0xca230c54b5d0e9f9n, 0xfd683cd797a1f6f8n],
  [160, 0x2a5dda50n, 0x7c442d10fad658ccn, 0xdaf28e443726dcd8n],
  [200, 0x3834dcabn, 0x4f13591c91a95e39n, 0xf771025f36cc7c35n],
  [240, 0xf82f0ae6n, 0xbaf137a26131bb1cn, 0xc0d6647a0e620f7en],
  [241, 0x950e9020n, 0x82fb5fea058b8ac4n, 0x281410fd53152172n],
  [256, 0x57233a87n, 0xdf48b152bf997d5cn, 0x62945c6f9a69e20an],
  [300, 0x43eaf037n, 0x29403836dd985e33n, 0x833f395e6a55a9f3n],
  [1000, 0xe4b7b60cn, 0xb6313bbed5976215n, 0xb9b3561789931319n],
  [1024, 0xf18a735cn, 0x2e307f2fe063991an, 0x95c63c696323768en],
  [1025, 0x0514cdf3n, 0x50b672a3ff7cdfa4n, 0x890c433f563ca294n],
  [2048, 0xdb6d0d31n, 0xb73f6f3af5357e00n, 0x8c9a8e3f25d392d6n],
  [2049, 0x2c9989bdn, 0x51e9f70a0a1b8aadn, 0xb8091341c9ba5c29n],
  [4095, 0x00e6f0a3n, 0x5bf499181f6425acn, 0x7298c4d07fed2fa4n],
  [4096, 0xce14d594n, 0x53a4e995c77e54b0n, 0x862b1eaab93d2798n],
];

const OFFSET = 3;
const bytes = selfCheckBytes(4096 + OFFSET);

function selfCheckBytes(length: number): Uint8Array {
  const made = new Uint8Array(length);
  let generator = 2654435761n;
  for (let index = OFFSET; index < length; index++) {
    made[index] = Number(generator >> 56n);
    generator = (generator * 0x9e3779b185ebca87n) & 0xffff_ffff_ffff_ffffn;
  }
  return made;
}

test.each(VECTORS)('%d bytes', (length, hash32, hash64, hash3) => {
  expect(BigInt(xxHash32(bytes, OFFSET, OFFSET + length))).toBe(hash32);
  expect(xxHash64(bytes, OFFSET, OFFSET + length)).toBe(hash64);
  expect(xxh3(bytes, OFFSET, OFFSET + length)).toBe(hash3);
  expect(BigInt(xxh3Low(bytes, OFFSET, OFFSET + length))).toBe(hash3 & 0xffff_ffffn);
});

test('the upper half of a product', () => {
  const edges = [0, 1, 0xffff, 0x1_0000, 0x1_0001, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
  for (const first of edges) {
    for (const second of edges) {
      const product = BigInt(first) * BigInt(second);
      expect(BigInt(multiplyHigh(first, second) >>> 0)).toBe(product >> 32n);
    }
  }
});
