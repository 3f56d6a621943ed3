/**
 * Random numbers by address: the value for (seed, name, index) does not depend on earlier draws, so a resumed run draws the same numbers as
 * an uninterrupted one.
 */
export interface Random {
  readonly seed: number;
  /** Creates a separate generator for a purpose and a position, for instance `stream('sampler', epoch)`. */
  stream(name: string, index?: number): RandomStream;
}

/** A short sequence of numbers from one address. */
export interface RandomStream {
  /** Uniform in [0, 1), with 53 random bits. */
  next(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** 0 … size − 1 in random order (Fisher–Yates). */
  permutation(size: number): Int32Array;
}

/**
 * Seeded random numbers (sfc32, its state hashed from seed, name and index), the same on every machine.
 * @example createRandom(1).stream('sampler', 0).permutation(3)
 */
export function createRandom(seed: number): Random {
  return { seed, stream: (name, index = 0) => createStream(hash(`${seed}/${name}/${index}`)) };
}

function createStream(state: Uint32Array): RandomStream {
  let [a, b, c, counter] = state as unknown as [number, number, number, number];
  const word = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) word();
  const next = (): number => ((word() >>> 5) * 0x4000000 + (word() >>> 6)) / 0x20000000000000;
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    permutation(size) {
      const order = new Int32Array(size);
      for (let i = 0; i < size; i++) order[i] = i;
      for (let i = size - 1; i > 0; i--) {
        const j = integer(i + 1);
        [order[i], order[j]] = [order[j] as number, order[i] as number];
      }
      return order;
    },
  };
}

/** Four 32-bit words from a text (FNV-1a with a different start for each, then a murmur3 finaliser). */
function hash(text: string): Uint32Array {
  return Uint32Array.from([0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35], (start) => {
    let h = start;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  });
}
