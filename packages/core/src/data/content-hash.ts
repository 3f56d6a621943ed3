/** A short text that differs when the content differs. */
export interface ContentHash {
  /** Adds the content of an array, bit by bit, or of a text. */
  add(content: ArrayBufferView | string): void;
  /**
   * Adds content that comes in pieces, with the result of `add` for the complete content; the length of each piece but the last is a
   * multiple of 4 bytes.
   */
  addPieces(pieces: AsyncIterable<ArrayBufferView>): Promise<void>;
  digest(): string;
}

/** Hashes content to 64 bits, at a billion numbers a second; detects accidental changes, and does not resist deliberate collisions. */
export function contentHash(): ContentHash {
  let [a, b] = [0x9e3779b9, 0x243f6a88];
  const take = (word: number): void => {
    a = Math.imul(a ^ word, 0x85ebca6b);
    a = (a << 13) | (a >>> 19);
    b = Math.imul((b ^ word) + 0x165667b1, 0xc2b2ae35);
    b = (b << 17) | (b >>> 15);
  };
  const takeBytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): void => {
    const words = byteLength >>> 2;
    if (byteOffset % 4 === 0) for (const word of new Uint32Array(buffer, byteOffset, words)) take(word);
    else {
      // The same words, wherever the array begins in its buffer.
      const view = new DataView(buffer, byteOffset, byteLength);
      for (let i = 0; i < words; i++) take(view.getUint32(4 * i, true));
    }
    for (const byte of new Uint8Array(buffer, byteOffset + 4 * words, byteLength - 4 * words)) take(byte);
  };
  return {
    add(content) {
      if (typeof content === 'string') {
        for (let i = 0; i < content.length; i++) take(content.charCodeAt(i));
        return take(content.length);
      }
      takeBytes(content);
      take(content.byteLength);
    },
    async addPieces(pieces) {
      let length = 0;
      for await (const piece of pieces) {
        takeBytes(piece);
        length += piece.byteLength;
      }
      take(length);
    },
    digest: () => [a ^ (b >>> 16), b ^ (a >>> 16)].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}
