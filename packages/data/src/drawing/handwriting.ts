import type { RandomStream } from '@temper/core';
import { side } from './canvas.js';
import { bell } from './chance.js';
import { glyphs, type Glyph, type Stroke } from './glyphs.js';
import { isClosed } from './spline.js';

/** Moves a point of a glyph to its pixel. */
type Placing = (x: number, y: number) => readonly [x: number, y: number];

/**
 * The strokes of a digit in pixels, in a random handwriting: one of the forms of the digit, with its points moved, then slanted, bent,
 * stretched, turned and shifted. `difficulty` 0 is tidy, 1 is the default.
 */
export function write(digit: number, difficulty: number, stream: RandomStream): Stroke[] {
  const ways = glyphs[digit] as readonly Glyph[];
  const glyph = ways[stream.integer(ways.length)] as Glyph;
  const place = placing(difficulty, stream);
  return glyph.map((stroke) => move(stroke, place, () => bell(stream, 0.018 * difficulty)));
}

function placing(difficulty: number, stream: RandomStream): Placing {
  const vary = (sd: number): number => bell(stream, sd * difficulty);
  const height = side * (0.66 + vary(0.032));
  const width = height * (1 + vary(0.08));
  const slant = vary(0.11);
  const bend = vary(0.063);
  const [cos, sin] = turn(vary(0.054));
  const [left, top] = [(side - 1) / 2 + vary(0.9), (side - 1) / 2 + vary(0.8)];
  return (x, y) => {
    const across = (x + bend * (y * y - 0.125) - slant * y) * width;
    const down = (y + bend * x * x) * height;
    return [left + cos * across - sin * down, top + sin * across + cos * down];
  };
}

/** Cosine and sine of the angle whose half has this tangent: division is exact on every machine, cosine is not. */
function turn(half: number): readonly [cos: number, sin: number] {
  const square = half * half;
  return [(1 - square) / (1 + square), (2 * half) / (1 + square)];
}

function move(stroke: Stroke, place: Placing, jitter: () => number): Stroke {
  const closed = isClosed(stroke);
  const moved: number[] = [];
  for (let i = 0; i < stroke.length - (closed ? 2 : 0); i += 2) {
    moved.push(...place((stroke[i] as number) + jitter(), (stroke[i + 1] as number) + jitter()));
  }
  return closed ? [...moved, ...moved.slice(0, 2)] : moved;
}
