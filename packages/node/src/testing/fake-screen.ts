import { Writable } from 'node:stream';
import picocolors from 'picocolors';
import type { Screen } from '../reporters/terminal/screen.js';

/** Creates a screen that stores its output; with `draws` one on which bars can be drawn. */
export function fakeScreen({ draws = false } = {}): Screen & { readonly stderr: string } {
  let written = '';
  const stream = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written += chunk.toString();
        done();
      },
    }),
    { isTTY: true, columns: 200 },
  );
  return {
    err: (text) => void (written += `${text}\n`),
    colors: { err: picocolors.createColors(false) },
    drawable: draws ? stream : undefined,
    get stderr() {
      return written;
    },
  };
}
