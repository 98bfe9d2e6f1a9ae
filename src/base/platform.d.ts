// What base, protocol and engine may use of the platform beyond the language itself. Their
// compiler settings name neither the DOM nor Node, so whatever is missing here cannot be used
// there: the same files run in a worker thread, in the extension host and in a web page.
// Declared exactly as the WHATWG Encoding Standard has them, limited to UTF-8.

declare class TextEncoder {
  /** The UTF-8 bytes of `text`; a lone surrogate becomes U+FFFD. */
  encode(text?: string): Uint8Array<ArrayBuffer>;
  /** Writes as many whole characters of `text` as fit into `target`. */
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}

declare class TextDecoder {
  /** `fatal`: throw a TypeError on malformed bytes instead of putting U+FFFD in their place. */
  constructor(label?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  /** Browsers refuse views over a SharedArrayBuffer: copy such bytes first. */
  decode(bytes?: Uint8Array | ArrayBuffer, options?: { stream?: boolean }): string;
}
