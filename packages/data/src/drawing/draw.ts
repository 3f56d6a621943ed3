import type { RandomStream } from '@temper/core';
import { createCanvas, side, type Canvas } from './canvas.js';
import { bell, between } from './chance.js';
import { write } from './handwriting.js';
import { spline } from './spline.js';

/** Draws one digit, `side × side` bytes: 0 is paper, 255 the darkest ink. */
export function draw(digit: number, difficulty: number, stream: RandomStream): Uint8Array {
  const canvas = createCanvas();
  clutter(canvas, difficulty, stream);
  const radius = 0.75 + 0.9 * stream.next();
  const pressure = bell(stream, 0.22 * difficulty);
  const ink = 1 - 0.3 * difficulty * stream.next();
  for (const stroke of write(digit, difficulty, stream)) {
    canvas.ink(spline(stroke), (along) => Math.max(0.5, radius * (1 + pressure * (2 * along - 1))), ink);
  }
  if (stream.next() < 0.22 * difficulty) canvas.erase(scratch(stream), between(stream, 0.4, 1.1), 0.15);
  return develop(canvas, difficulty, stream);
}

/** What else is on the paper: the edge of a neighbouring digit, stray lines. */
function clutter(canvas: Canvas, difficulty: number, stream: RandomStream): void {
  if (stream.next() < 0.25 * difficulty) {
    const away = between(stream, 0.62, 0.8) * side * (stream.next() < 0.5 ? -1 : 1);
    const level = between(stream, 0.35, 0.9);
    const radius = between(stream, 0.7, 1.5);
    for (const stroke of write(stream.integer(10), difficulty, stream)) {
      canvas.ink(spline(stroke.map((value, i) => (i % 2 === 0 ? value + away : value))), () => radius, level);
    }
  }
  while (stream.next() < 0.22 * difficulty) canvas.ink(scratch(stream), () => 0.5, between(stream, 0.25, 0.7));
}

/** A straight line anywhere. */
const scratch = (stream: RandomStream): number[] => Array.from({ length: 4 }, () => between(stream, -2, side + 1));

/** From levels to bytes: uneven light, then grain. */
function develop({ levels }: Canvas, difficulty: number, stream: RandomStream): Uint8Array {
  const grain = 0.13 * difficulty * stream.next();
  const base = 0.06 * difficulty * stream.next();
  const across = bell(stream, 0.05 * difficulty) / side;
  const down = bell(stream, 0.05 * difficulty) / side;
  const bytes = new Uint8Array(side * side);
  for (let i = 0; i < bytes.length; i++) {
    const level = levels[i] as number;
    const shade = base + across * ((i % side) - side / 2) + down * (Math.floor(i / side) - side / 2);
    const seen = level + (1 - level) * shade + between(stream, -grain, grain);
    bytes[i] = Math.floor(255 * Math.min(1, Math.max(0, seen)) + 0.5);
  }
  return bytes;
}
