import { read, readSync } from 'node:fs';
import { TemperError } from '@temper/core';

/** The maximum number of reads in progress; each uses one of the few threads with which Node reads files. */
const parallel = 1024;
/** The maximum number of bytes between pieces that are read together: a read costs more than a page of memory. */
const gap = 4096;
/** The maximum number of bytes that are read together. */
const mostTogether = 1 << 20;

/**
 * A page in the memory of the system is read in two microseconds, while passing a read to a thread takes more than ten. So pieces are
 * read synchronously while that takes no longer than this, in milliseconds for this number of reads; the others are passed to threads.
 */
const [atOnce, longestAtOnce] = [8, 0.25];

/** The bytes of a file in one read: the pieces of `order` from `first` to before `end`. */
interface Span {
  readonly first: number;
  readonly end: number;
  readonly position: number;
  readonly length: number;
}

/**
 * Reads `length` bytes at each position of an open file. All reads are finished or passed to threads before this returns, so that they
 * continue while JavaScript waits.
 * @param longest Milliseconds that a few reads may take before the others are passed to threads.
 * @throws TemperError `data/invalid` for a file that has become shorter.
 */
export function readPieces(
  descriptor: number,
  positions: ArrayLike<number>,
  length: number,
  name: string,
  longest = longestAtOnce,
): Promise<Uint8Array> {
  const all = new Uint8Array(positions.length * length);
  const order = Uint32Array.from({ length: positions.length }, (_, i) => i).sort(
    (a, b) => (positions[a] as number) - (positions[b] as number),
  );
  const spans = spansOf(order, positions, length);
  return new Promise((resolve, reject) => {
    let [next, pending] = [0, 0];
    let failure: Error | undefined;
    const place = (span: Span): { into: Uint8Array; offset: number; isAlone: boolean } => {
      const isAlone = span.end - span.first === 1;
      return { into: isAlone ? all : new Uint8Array(span.length), offset: isAlone ? (order[span.first] as number) * length : 0, isAlone };
    };
    const end = (): void => (failure === undefined ? resolve(all) : reject(failure));
    const start = (): void => {
      const span = spans[next++] as Span;
      const { into, offset, isAlone } = place(span);
      pending += 1;
      read(descriptor, into, offset, span.length, span.position, (error, count) => {
        pending -= 1;
        failure ??= error ?? (count < span.length ? becameShorter(name) : undefined);
        if (failure === undefined && !isAlone) distribute(into, span);
        if (failure === undefined && next < spans.length) start();
        // No read may be in progress when the caller closes the file.
        if (pending === 0) end();
      });
    };
    const distribute = (bytes: Uint8Array, { first, end: last, position }: Span): void => {
      for (let i = first; i < last; i++) {
        const piece = order[i] as number;
        const from = (positions[piece] as number) - position;
        all.set(bytes.subarray(from, from + length), piece * length);
      }
    };
    const isFast = (): boolean => {
      const started = performance.now();
      for (const last = Math.min(next + atOnce, spans.length); next < last; ) {
        const span = spans[next++] as Span;
        const { into, offset, isAlone } = place(span);
        if (readSync(descriptor, into, offset, span.length, span.position) < span.length) throw becameShorter(name);
        if (!isAlone) distribute(into, span);
      }
      return performance.now() - started <= longest;
    };
    while (next < spans.length && isFast());
    for (const last = Math.min(next + parallel, spans.length); next < last; ) start();
    if (pending === 0) end();
  });
}

/** Combines neighboring pieces, in the order of the file. */
function spansOf(order: Uint32Array, positions: ArrayLike<number>, length: number): Span[] {
  const spans: Span[] = [];
  const at = (i: number): number => positions[order[i] as number] as number;
  for (let first = 0; first < order.length; ) {
    const position = at(first);
    let end = first + 1;
    while (end < order.length && at(end) - at(end - 1) <= length + gap && at(end) + length - position <= mostTogether) end++;
    spans.push({ first, end, position, length: at(end - 1) + length - position });
    first = end;
  }
  return spans;
}

const becameShorter = (name: string): TemperError =>
  new TemperError({
    code: 'data/invalid',
    message: `${name}: became shorter while it was read`,
    hint: 'Do not change data files during a run.',
  });
