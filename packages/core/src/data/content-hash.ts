/** A short text that is another one where the content is another. */
export interface ContentHash {
  /** Takes in the content of an array, bit by bit, or of a text. */
  add(content: ArrayBufferView | string): void;
  digest(): string;
}

/** Hashes content with 64 bits, at a billion numbers a second; against accidents, not against anyone who wants a collision. */
export function contentHash(): ContentHash {
  let [a, b] = [0x9e3779b9, 0x243f6a88];
  const take = (word: number): void => {
    a = Math.imul(a ^ word, 0x85ebca6b);
    a = (a << 13) | (a >>> 19);
    b = Math.imul((b ^ word) + 0x165667b1, 0xc2b2ae35);
    b = (b << 17) | (b >>> 15);
  };
  return {
    add(content) {
      if (typeof content === 'string') {
        for (let i = 0; i < content.length; i++) take(content.charCodeAt(i));
        return take(content.length);
      }
      const { buffer, byteOffset, byteLength } = content;
      const words = byteOffset % 4 === 0 ? byteLength >>> 2 : 0;
      for (const word of new Uint32Array(buffer, words === 0 ? 0 : byteOffset, words)) take(word);
      for (const byte of new Uint8Array(buffer, byteOffset + 4 * words, byteLength - 4 * words)) take(byte);
      take(byteLength);
    },
    digest: () => [a ^ (b >>> 16), b ^ (a >>> 16)].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}
